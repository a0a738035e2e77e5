package io.multistatus.dispatch.loopback;

import io.multistatus.model.Headers;
import io.multistatus.model.WireRequest;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** A request as HTTP/1.1 writes it (RFC 9112, sections 2 and 3). */
final class RequestBytes {
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern TARGET = Pattern.compile("/[\\x21-\\x7e]*");
    private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\xff&&[^\\x7f]]*");

    private RequestBytes() {}

    /**
     * Request line and fields, every byte as it is in the request.
     *
     * @throws IllegalArgumentException if it would not be read as it was meant, whoever let that pass
     */
    static byte[] head(WireRequest request, Headers headers) {
        StringBuilder head = new StringBuilder(512);
        head.append(checked(TOKEN, request.method()))
                .append(' ')
                .append(checked(TARGET, request.target()))
                .append(" HTTP/1.1\r\n");
        for (int i = 0; i < headers.size(); i++) {
            head.append(checked(TOKEN, headers.name(i)))
                    .append(": ")
                    .append(checked(VALUE, headers.value(i)))
                    .append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String checked(Pattern allowed, String text) {
        if (!allowed.matcher(text).matches()) {
            throw new IllegalArgumentException("HTTP/1.1 cannot say this in a request's header: " + allowed.pattern());
        }
        return text;
    }
}
