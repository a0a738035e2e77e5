package io.multistatus.dispatch.loopback;

import io.multistatus.model.Headers;
import io.multistatus.model.HttpSyntax;
import io.multistatus.model.WireRequest;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** A request as HTTP/1.1 writes it (RFC 9112, sections 2 and 3). */
final class RequestBytes {
    private static final Predicate<String> TARGET =
            Pattern.compile("/[\\x21-\\x7e]*").asMatchPredicate();

    private RequestBytes() {}

    /**
     * Request line and fields, every byte as it is in the request.
     *
     * @throws IllegalArgumentException if it would not be read as it was meant, whoever let that pass
     */
    static byte[] head(WireRequest request, Headers headers) {
        StringBuilder head = new StringBuilder(512);
        head.append(checked(HttpSyntax::isToken, request.method()))
                .append(' ')
                .append(checked(TARGET, request.target()))
                .append(" HTTP/1.1\r\n");
        for (int i = 0; i < headers.size(); i++) {
            head.append(checked(HttpSyntax::isToken, headers.name(i)))
                    .append(": ")
                    .append(checked(HttpSyntax::isFieldValue, headers.value(i)))
                    .append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String checked(Predicate<String> allowed, String text) {
        if (!allowed.test(text)) {
            throw new IllegalArgumentException("the request has something in its header that HTTP/1.1 cannot say");
        }
        return text;
    }
}
