package io.multistatus.format.multipart;

import io.multistatus.format.FieldNames;
import io.multistatus.format.ReasonPhrase;
import io.multistatus.model.Headers;
import io.multistatus.model.HttpSyntax;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The parts of one multipart body. Its boundary is random, so that nothing that hosts answer has it in it. Not thread-safe.
 */
final class MultipartOutput {
    private static final String LINE_BREAK = "\r\n";

    private final String boundary;

    /** A body whose boundary begins with {@code prefix}. */
    MultipartOutput(String prefix) {
        boundary = prefix + UUID.randomUUID();
    }

    /** Its type: the boundary is the last parameter and has no quotes, since some clients read it no other way. */
    String contentType() {
        return "multipart/mixed; boundary=" + boundary;
    }

    /** Begins a part whose content is another multipart. */
    void begin(MultipartOutput content, OutputStream out) throws IOException {
        write("--" + boundary + LINE_BREAK + "Content-Type: " + content.contentType() + LINE_BREAK + LINE_BREAK, out);
    }

    /**
     * Writes a part of which the content is the answer as an HTTP message (RFC 9112, section 2).
     *
     * @param fields those of the part beside its Content-Type
     */
    void part(Headers fields, Subrequest request, Subresponse response, OutputStream out) throws IOException {
        StringBuilder head = new StringBuilder(256);
        head.append("--").append(boundary).append(LINE_BREAK);
        head.append("Content-Type: application/http").append(LINE_BREAK);
        for (int i = 0; i < fields.size(); i++) {
            head.append(fields.name(i)).append(": ").append(fields.value(i)).append(LINE_BREAK);
        }
        Problem problem = response.problem();
        if (problem != null && !mayHaveBody(request, response.status())) {
            // An answer to HEAD has no body that could say it (RFC 2045, section 8).
            head.append("Content-Description: ");
            appendValue(problem.type() + ": " + problem.detail(), head);
            head.append(LINE_BREAK);
        }
        head.append(LINE_BREAK);
        appendMessageHead(request, response, head);
        write(head.toString(), out);
        if (mayHaveBody(request, response.status())) {
            writeBytes(response.body(), out);
        }
        write(LINE_BREAK, out);
    }

    /** Behind a part and before a delimiter a line break more says nothing: the part says where its body ends. */
    void keepAlive(OutputStream out) throws IOException {
        write(LINE_BREAK, out);
    }

    /** Writes what stands after the last part. */
    void end(OutputStream out) throws IOException {
        write("--" + boundary + "--" + LINE_BREAK, out);
    }

    private static void write(String text, OutputStream out) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void appendMessageHead(Subrequest request, Subresponse response, StringBuilder head) {
        int status = response.status();
        head.append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(ReasonPhrase.of(status))
                .append(LINE_BREAK);
        Headers headers = response.headers();
        for (int i = 0; i < headers.size(); i++) {
            // A host can be brought to set fields that no container would send.
            if (HttpSyntax.isToken(headers.name(i))) {
                head.append(FieldNames.canonical(headers.name(i))).append(": ");
                appendValue(headers.value(i), head);
                head.append(LINE_BREAK);
            }
        }
        if (mayHaveBody(request, status)) {
            head.append("Content-Length: ").append(response.body().remaining()).append(LINE_BREAK);
        }
        head.append(LINE_BREAK);
    }

    /** RFC 9110, section 8.6: for all others a length would say that of another answer, or must not be said. */
    private static boolean mayHaveBody(Subrequest request, int status) {
        return !request.method().equals("HEAD") && status != 204 && status != 304;
    }

    private static void appendValue(String value, StringBuilder head) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            head.append(HttpSyntax.isFieldValue(String.valueOf(c)) ? c : ' ');
        }
    }

    private static void writeBytes(ByteBuffer body, OutputStream out) throws IOException {
        if (body.hasArray()) {
            out.write(body.array(), body.arrayOffset() + body.position(), body.remaining());
        } else {
            byte[] bytes = new byte[body.remaining()];
            body.duplicate().get(bytes);
            out.write(bytes);
        }
    }
}
