package io.multistatus.format.multipart;

import io.multistatus.format.EnvelopeWriter;
import io.multistatus.format.FieldNames;
import io.multistatus.format.ReasonPhrase;
import io.multistatus.model.Headers;
import io.multistatus.model.HttpSyntax;
import io.multistatus.model.ItemId;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Writes a part for each item; its content is the whole HTTP message (RFC 9112, section 2). The boundary is random, so that
 * no body has it in it. Not thread-safe.
 */
final class MultipartEnvelopeWriter implements EnvelopeWriter {
    private static final String LINE_BREAK = "\r\n";

    private final String boundary = "batch_" + UUID.randomUUID();

    @Override
    public String contentType() {
        return "multipart/mixed; boundary=" + boundary;
    }

    @Override
    public void begin(OutputStream out) {
        // The first delimiter stands before the first item.
    }

    @Override
    public void item(Subrequest request, Subresponse response, boolean cookiesDropped, OutputStream out)
            throws IOException {
        StringBuilder head = new StringBuilder(256);
        head.append("--").append(boundary).append(LINE_BREAK);
        head.append("Content-Type: application/http").append(LINE_BREAK);
        ItemId id = request.id();
        if (id != null) {
            head.append("Content-ID: ").append(contentId(id)).append(LINE_BREAK);
        }
        if (cookiesDropped) {
            head.append("Batch-Cookies: dropped").append(LINE_BREAK);
        }
        head.append(LINE_BREAK);
        appendMessageHead(request, response, head);
        out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        writeBytes(response.body(), out);
        out.write(LINE_BREAK.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void end(Summary summary, OutputStream out) throws IOException {
        out.write(("--" + boundary + "--" + LINE_BREAK).getBytes(StandardCharsets.ISO_8859_1));
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

    /** The request's, with what Google's batches put in front of it; what is not Latin-1 is percent-encoded. */
    private static String contentId(ItemId id) {
        StringBuilder text = new StringBuilder("response-");
        id.text().codePoints().forEach(c -> {
            if (c <= 0xff) {
                text.append((char) c);
            } else {
                text.append(URLEncoder.encode(Character.toString(c), StandardCharsets.UTF_8));
            }
        });
        return id.spelling() == ItemId.Spelling.BRACKETED ? "<" + text + ">" : text.toString();
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
