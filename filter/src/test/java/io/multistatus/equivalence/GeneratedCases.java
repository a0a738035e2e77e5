package io.multistatus.equivalence;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Requests nobody would think of, the same ones in every run: hostile spellings, and odd mixtures of everything. */
final class GeneratedCases {
    private static final long SEED = 20_240_521;
    private static final int SPELLINGS = 320;
    private static final int MIXTURES = 220;

    private static final List<String> BASES = List.of(
            "/app/echo", "/app/echo", "/app", "/app/secure", "/app/static.txt", "/other/echo", "/app/exact", "");
    private static final List<String> PIECES = List.of(
            "/a",
            "/",
            "//",
            "/.",
            "/..",
            "/./",
            "/../",
            "/...",
            "/.../",
            "/%2e",
            "/%2e%2e",
            "/%2E%2e/",
            "/.%2e/",
            "/%252e%252e/",
            "/..;",
            "/..;/",
            "/.;/",
            "/..;x=1/",
            ";",
            ";a",
            ";a=1",
            ";a=1;b=2",
            ";jsessionid=abc",
            ";jsessionid=",
            "/;",
            "/;/",
            "%2f",
            "%2F..",
            "/%2f",
            "%5c",
            "/%5c..%5c",
            "\\",
            "/..\\",
            "%00",
            "/%00/",
            "%01",
            "%0a",
            "%0d%0a",
            "%7f",
            "%20",
            "+",
            "%zz",
            "%",
            "%2",
            "%u0041",
            "%25",
            "%2525",
            "/%C3%A9",
            "/%c3%a9",
            "/%E9",
            "/%C0%AF",
            "/%c0%ae%c0%ae/",
            "/%ED%A0%80",
            "/%F0%9F%98%80",
            "/%E2%82",
            "{}",
            "/{id}",
            "|",
            "\"",
            "<a>",
            "^",
            "`",
            "/~",
            "/!$&'()*,=:@",
            "/a.",
            "/a..",
            "/.a",
            "/%3F",
            "/%23",
            "/%3b",
            "/%3Ba=1",
            "/%40",
            "/a:b",
            "/*",
            "/echo",
            "/exact",
            "/WEB-INF/secret.txt",
            "/x.do",
            "/%41",
            "/app/echo",
            "/secure",
            "/static.txt",
            "/other/echo",
            "/%65cho",
            "/ECHO",
            "/nul",
            "/con",
            "/static.txt%20",
            "[",
            "]");
    private static final List<String> QUERIES = List.of(
            "",
            "",
            "",
            "?",
            "??",
            "?a=b",
            "?a=b?c=d",
            "?a=b&a=c",
            "?&&",
            "?=",
            "?a",
            "?a=%20+%2B",
            "?%zz",
            "?a=%",
            "?a=%00",
            "?a=%C3%A9",
            "?a=%E9",
            "?a=%C0%AF",
            "?/../",
            "?a={}|\\^`\"<>",
            "?a[0]=1",
            "?;a=b",
            "?a=http://x/?y",
            "?%61=%62",
            "?a=%u0041");

    private static final List<String> METHODS =
            List.of("GET", "GET", "GET", "HEAD", "POST", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "REPORT", "x");
    private static final List<String> TARGETS = List.of(
            "/app/echo",
            "/app/echo/deep/er?q=1",
            "/app/body/stream",
            "/app/body/mirror",
            "/app/body/form?a=b",
            "/app/plain-servlet",
            "/app/secure",
            "/app/static.txt",
            "/app/nio/mirror",
            "/app/async/dispatch?a=1",
            "/app/async/complete?delay=1",
            "/app/error/throw?what=paged",
            "/app/error/send?status=410",
            "/app/json/odd",
            "/app/etag",
            "/app/dispatch/include?to=/dispatch/target",
            "/app/stream/chunks",
            "/app/wrapped/echo",
            "/app/charset/UTF-16",
            "/other/echo",
            "/app/nothing",
            "/app/redirect?to=echo",
            "/app/headers");
    private static final List<Field> FIELDS = List.of(
            new Field("Accept", "application/json"),
            new Field("Accept", "text/html;level=1;q=0.3"),
            new Field("Accept", "*/*;q=nonsense"),
            new Field("Accept-Language", "xx-YY-zz;q=2, *"),
            new Field("Accept-Charset", "utf-16"),
            new Field("X-Token", "t1"),
            new Field("X-Token", "bad"),
            new Field("X-Many", "1"),
            new Field("X-Many", "2"),
            new Field("If-None-Match", "\"v1\""),
            new Field("If-Match", "*"),
            new Field("If-Modified-Since", "not a date"),
            new Field("Range", "bytes=0-9"),
            new Field("Range", "lines=1-2"),
            new Field("Cache-Control", "no-cache"),
            new Field("X-HTTP-Method-Override", "DELETE"),
            new Field("X-Path-Override", "/app/secure"),
            new Field("Authorization", "Basic am9lOnNlY3JldA=="),
            new Field("Authorization", "Digest username=\"joe\""),
            new Field("Max-Forwards", "0"),
            new Field("X-Odd!#$%&'*+.^_`|~1", "x"),
            new Field("X-Obs", "\u0080\u00ff"),
            new Field("X-Tab", "a\tb"),
            new Field("From", "joe@example.org"));
    private static final List<String> TYPES = List.of(
            "text/plain",
            "application/json",
            "application/x-www-form-urlencoded",
            "application/octet-stream",
            "nonsense",
            "text/xml; charset=utf-16",
            "multipart/form-data; boundary=fixed",
            "application/x-www-form-urlencoded; charset=x");

    private final Random random = new Random(SEED);

    private GeneratedCases() {}

    static List<RequestCase> all() {
        GeneratedCases generator = new GeneratedCases();
        Map<String, RequestCase> byTarget = new LinkedHashMap<>();
        for (String piece : PIECES) {
            generator.addSpelling("/app/echo" + piece, byTarget);
        }
        while (byTarget.size() < SPELLINGS) {
            generator.addSpelling(generator.spelling(), byTarget);
        }
        List<RequestCase> all = new ArrayList<>(byTarget.values());
        for (int i = 0; i < MIXTURES; i++) {
            all.add(generator.mixture().named("mixture " + i));
        }
        return List.copyOf(all);
    }

    private void addSpelling(String target, Map<String, RequestCase> byTarget) {
        if (target.startsWith("/")) {
            byTarget.put(target, RequestCase.get(target));
        }
    }

    private String spelling() {
        StringBuilder target = new StringBuilder(pick(BASES));
        for (int pieces = 1 + random.nextInt(4); pieces > 0; pieces--) {
            target.append(pick(PIECES));
        }
        return target.append(pick(QUERIES)).toString();
    }

    private RequestCase mixture() {
        RequestCase request = RequestCase.of(pick(METHODS), pick(TARGETS));
        for (int fields = random.nextInt(4); fields > 0; fields--) {
            Field field = pick(FIELDS);
            // A field twice is said by one array in a batch, which puts the two side by side.
            boolean there = request.fields().stream().anyMatch(other -> other.is(field.name()));
            if (!there || field.is("X-Many")) {
                request = request.with(field.name(), field.value());
            }
        }
        return random.nextInt(5) < 2 ? request.body(pick(TYPES), body()) : request;
    }

    private byte[] body() {
        return switch (random.nextInt(6)) {
            case 0 -> new byte[0];
            case 1 -> "{\"a\": [1, 2.50, \"x\"]}".getBytes(ISO_8859_1);
            case 2 -> "a=1&b=%20&c".getBytes(ISO_8859_1);
            case 3 -> "--fixed\r\nContent-Disposition: form-data; name=a\r\n\r\nv\r\n--fixed--".getBytes(ISO_8859_1);
            default -> {
                byte[] bytes = new byte[random.nextInt(3_000)];
                random.nextBytes(bytes);
                yield bytes;
            }
        };
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
