package io.multistatus.dispatch.loopback;

import io.multistatus.dispatch.ResponseSink;
import io.multistatus.model.Headers;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one final answer from a connection (RFC 9112, sections 4 to 7) and passes it on while it comes. */
final class AnswerReader {
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[0-9] (?<status>[0-9]{3})( .*)?");
    private static final Pattern FIELD = Pattern.compile("(?<name>[^\\s:]+):[ \\t]*(?<value>.*?)[ \\t]*");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final Pattern CHUNK_SIZE = Pattern.compile("(?<size>[0-9A-Fa-f]{1,15})[ \\t]*(;.*)?");

    /** More than any container lets an app send. */
    private static final int LONGEST_HEAD = 1 << 20;

    private static final int SWITCHING_PROTOCOLS = 101;

    private final InputStream in;
    private final boolean toHead;
    private final ResponseSink sink;
    private int headBytes;

    /** Reads the answer to a HEAD request if {@code toHead}. */
    AnswerReader(InputStream in, boolean toHead, ResponseSink sink) {
        this.in = in;
        this.toHead = toHead;
        this.sink = sink;
    }

    /**
     * Passes on the head and the body.
     *
     * @throws IOException if the answer is cut off or is none, or nobody wants the rest
     */
    void read() throws IOException {
        int status;
        Headers headers;
        do {
            headBytes = 0;
            status = statusLine();
            headers = fields();
        } while (status < 200 && status != SWITCHING_PROTOCOLS);
        if (status == SWITCHING_PROTOCOLS) {
            throw new IOException("The server has switched protocols, which was not asked for");
        }
        sink.head(status, headers);
        body(status, headers);
    }

    private int statusLine() throws IOException {
        String line = line();
        Matcher parts = STATUS_LINE.matcher(line);
        if (!parts.matches()) {
            throw new IOException("The server does not answer in HTTP/1.1");
        }
        return Integer.parseInt(parts.group("status"));
    }

    private Headers fields() throws IOException {
        Headers.Builder fields = Headers.builder();
        for (String line = line(); !line.isEmpty(); line = line()) {
            Matcher field = FIELD.matcher(line);
            if (!field.matches()) {
                throw new IOException("The server's answer has a line in its header that is no field");
            }
            fields.add(field.group("name"), field.group("value"));
        }
        return fields.build();
    }

    private void body(int status, Headers headers) throws IOException {
        if (toHead || status == 204 || status == 304) {
            return;
        }
        Optional<String> coding = headers.first("Transfer-Encoding");
        if (coding.isPresent()) {
            if (!coding.get().equalsIgnoreCase("chunked")) {
                throw new IOException("The server's answer has an unknown Transfer-Encoding");
            }
            chunks();
            return;
        }
        Optional<String> length = headers.first("Content-Length");
        if (length.isPresent()) {
            if (!LENGTH.matcher(length.get()).matches()) {
                throw new IOException("The server's answer has a Content-Length that is no number");
            }
            exactly(Long.parseLong(length.get()));
            return;
        }
        byte[] buffer = new byte[8_192];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            sink.data(ByteBuffer.wrap(buffer, 0, count));
        }
    }

    private void chunks() throws IOException {
        while (true) {
            headBytes = 0;
            Matcher line = CHUNK_SIZE.matcher(line());
            if (!line.matches()) {
                throw new IOException("The server's answer has a chunk without a size");
            }
            long size = Long.parseLong(line.group("size"), 16);
            if (size == 0) {
                fields();
                return;
            }
            exactly(size);
            if (!line().isEmpty()) {
                throw new IOException("A chunk of the server's answer does not end where it should");
            }
        }
    }

    private void exactly(long length) throws IOException {
        byte[] buffer = new byte[(int) Math.min(length, 8_192)];
        for (long left = length; left > 0; ) {
            int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (count < 0) {
                throw new EOFException("The server closed " + left + " bytes before the end of its answer");
            }
            sink.data(ByteBuffer.wrap(buffer, 0, count));
            left -= count;
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(80);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("The server closed the connection within a header or before an answer");
            }
            headBytes++;
            if (headBytes > LONGEST_HEAD) {
                throw new IOException("The header of the server's answer is longer than " + LONGEST_HEAD + " bytes");
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
