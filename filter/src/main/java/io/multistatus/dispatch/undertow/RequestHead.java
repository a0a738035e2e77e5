package io.multistatus.dispatch.undertow;

import io.multistatus.model.Headers;
import io.multistatus.model.HttpSyntax;
import io.multistatus.model.Problem;
import io.multistatus.model.WireRequest;
import io.undertow.util.BadRequestException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/** Writes the head of a request as it would have come over the wire (RFC 9112, sections 3 and 5). */
final class RequestHead {
    private static final String VERSION = " HTTP/1.1\r\n";

    private static final Pattern ENDS_FIELD = Pattern.compile("[\\r\\n\\x00]");

    private RequestHead() {}

    /**
     * Writes it.
     *
     * @param lowerNames whether field names go in lower case, as HTTP/2 sends them (RFC 9113, section 8.2); the authority,
     *     which is no field there, stays the field that Undertow makes of it
     * @throws BadRequestException if a field has what would end it here, although it did not over HTTP/2
     */
    static ByteBuffer of(WireRequest request, boolean lowerNames) throws BadRequestException {
        Headers headers = request.headers();
        StringBuilder head = new StringBuilder(256)
                .append(request.method())
                .append(' ')
                .append(request.target())
                .append(VERSION);
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (!HttpSyntax.isToken(name)
                    || ENDS_FIELD.matcher(headers.value(i)).find()) {
                throw new BadRequestException("HTTP/1.1 cannot say the field " + Problem.quote(name));
            }
            head.append(lowerNames && !name.equals("Host") ? name.toLowerCase(Locale.ROOT) : name)
                    .append(": ")
                    .append(headers.value(i))
                    .append("\r\n");
        }
        return ByteBuffer.wrap(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }
}
