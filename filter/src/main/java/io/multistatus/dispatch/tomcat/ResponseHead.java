package io.multistatus.dispatch.tomcat;

import io.multistatus.model.Headers;
import java.nio.charset.StandardCharsets;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.HeadersTooLargeException;
import org.apache.tomcat.util.buf.ByteChunk;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.http.FastHttpDateFormat;
import org.apache.tomcat.util.http.MimeHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The head of an answer as it would have gone over the wire.
 *
 * @param bodyAllowed whether what the handler writes goes out at all
 * @param declaredLength how long the body says it is, in bytes, if that is how its end is found; -1 else
 */
record ResponseHead(int status, Headers fields, boolean bodyAllowed, long declaredLength) {
    private static final Logger LOG = LoggerFactory.getLogger(ResponseHead.class);
    private static final int STATUS_LINE_BYTES = "HTTP/1.1 200 \r\n".length();
    /** Tomcat keeps that much free behind each name and each value. */
    private static final int RESERVED_BYTES = 4;

    /**
     * Completes the fields of {@code response} as Tomcat's HTTP/1.1 processor does it, for the app and the access log to
     * see, and reads them.
     *
     * @throws HeadersTooLargeException if they are longer than the connector allows
     */
    static ResponseHead of(Request request, boolean toHead, Response response, AbstractHttp11Protocol<?> protocol) {
        int status = response.getStatus();
        boolean entity = status >= 200 && status != 204 && status != 205 && status != 304;
        if (!entity) {
            response.setContentLength(status == 205 ? 0 : -1);
        } else {
            // Never does, as items accept no encoding, but it may say that it might have.
            protocol.useCompression(request, response);
        }
        MimeHeaders fields = response.getMimeHeaders();
        boolean http2 = request.protocol().toString().startsWith("HTTP/2");
        if (entity || (status == 204 && !http2)) {
            set(fields, "Content-Type", response.getContentType());
            set(fields, "Content-Language", response.getContentLanguage());
        }
        long length = describeLength(request, response, entity && !toHead);
        if (fields.getValue("Date") == null) {
            fields.addValue("Date").setString(FastHttpDateFormat.getCurrentDate());
        }
        if (protocol.getServer() != null) {
            fields.setValue("Server").setString(protocol.getServer());
        } else if (protocol.getServerRemoveAppProvidedValues()) {
            fields.removeHeader("server");
        }
        return new ResponseHead(status, read(fields, protocol), entity && !toHead, length);
    }

    /** Whether a client would go on waiting for an answer (RFC 9110, section 15.2). */
    boolean isInterim() {
        return status < 200 && status != 101;
    }

    private static void set(MimeHeaders fields, String name, @Nullable String value) {
        if (value != null) {
            fields.setValue(name).setString(value);
        }
    }

    /** Returns the length by which a client finds the end of the body, or -1. */
    private static long describeLength(Request request, Response response, boolean body) {
        MimeHeaders fields = response.getMimeHeaders();
        boolean http11 = request.protocol().equals(OuterConnection.HTTP_1_1);
        long length = response.getContentLengthLong();
        boolean trailers = http11 && response.getTrailerFields() != null;
        if (!trailers && length != -1) {
            fields.setValue("Content-Length").setLong(length);
            return length;
        }
        if (trailers || (http11 && body && !"close".equalsIgnoreCase(fields.getHeader("Connection")))) {
            fields.addValue("Transfer-Encoding").setString("chunked");
        }
        return -1;
    }

    private static Headers read(MimeHeaders fields, AbstractHttp11Protocol<?> protocol) {
        int maxBytes = protocol.getMaxHttpResponseHeaderSize();
        Headers.Builder headers = Headers.builder();
        int position = STATUS_LINE_BYTES;
        for (int i = 0; i < fields.size(); i++) {
            String name;
            String value;
            try {
                name = text(fields.getName(i));
                value = text(fields.getValue(i));
            } catch (IllegalArgumentException e) {
                LOG.warn("The field {} of an answer has characters that cannot go over the wire", fields.getName(i), e);
                fields.removeHeader(i);
                i--;
                continue;
            }
            position = checkSize(position, name, maxBytes) + ": ".length();
            position = checkSize(position, value, maxBytes) + "\r\n".length();
            addAsRead(name, value.strip(), headers);
        }
        return headers.build();
    }

    private static int checkSize(int position, String text, int maxBytes) {
        if (position + text.length() + RESERVED_BYTES > maxBytes) {
            throw new HeadersTooLargeException(
                    "The header of the answer is longer than " + maxBytes + " bytes (maxHttpResponseHeaderSize)");
        }
        return position + text.length();
    }

    /** A name may be anything, also something that a client takes for a name and the beginning of the value. */
    private static void addAsRead(String name, String value, Headers.Builder headers) {
        int colon = name.indexOf(':');
        if (colon < 0) {
            headers.add(name, value);
        } else {
            headers.add(name.substring(0, colon), (name.substring(colon + 1) + ": " + value).strip());
        }
    }

    /**
     * The bytes that Tomcat would have written, a character each: without controls, unless they have been bytes before.
     *
     * @throws IllegalArgumentException if there are characters beyond ISO-8859-1
     */
    private static String text(MessageBytes field) {
        boolean filtered = field.getType() != MessageBytes.T_BYTES;
        field.toBytes();
        ByteChunk chunk = field.getByteChunk();
        byte[] bytes = chunk.getBytes();
        if (filtered) {
            for (int i = chunk.getStart(); i < chunk.getEnd(); i++) {
                if ((bytes[i] >= 0 && bytes[i] < ' ' && bytes[i] != '\t') || bytes[i] == 0x7f) {
                    bytes[i] = ' ';
                }
            }
        }
        return new String(bytes, chunk.getStart(), chunk.getLength(), StandardCharsets.ISO_8859_1);
    }
}
