package io.multistatus.equivalence;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What cases are written with. Not thread-safe. */
abstract class CaseList {
    private final List<RequestCase> cases = new ArrayList<>();

    /** Those that there are until now. */
    final List<RequestCase> cases() {
        return List.copyOf(cases);
    }

    final void get(String... paths) {
        for (String path : paths) {
            add(app("GET", path));
        }
    }

    final void add(RequestCase request) {
        cases.add(request);
    }

    static RequestCase app(String method, String path) {
        return RequestCase.of(method, "/app" + path);
    }

    static RequestCase forwarded(RequestCase request) {
        return request.withOuter("X-Forwarded-For", "203.0.113.7")
                .withOuter("X-Forwarded-Proto", "https")
                .withOuter("X-Forwarded-Host", "shop.example");
    }

    static byte[] multipart(String file) {
        return ascii("--fixed\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nfield\r\n"
                + "--fixed\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f.txt\"\r\n"
                + "Content-Type: text/plain\r\n\r\n" + file + "\r\n--fixed--\r\n");
    }

    static String basic(String userAndPassword) {
        return "Basic " + Base64.getEncoder().encodeToString(ascii(userAndPassword));
    }

    static byte[] ascii(String text) {
        return text.getBytes(ISO_8859_1);
    }

    static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
