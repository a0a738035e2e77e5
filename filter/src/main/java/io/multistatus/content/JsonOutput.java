package io.multistatus.content;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Puts the pieces of an envelope on a stream. What is JSON already goes through as bytes; strings come out well-formed
 * whatever is in them: half a surrogate pair is written as its escape. Not thread-safe.
 */
public final class JsonOutput extends OutputStream {
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int CAPACITY = 8192;
    /** The most bytes that one character takes: the escape of a control. */
    private static final int LONGEST = 6;

    private final boolean oneLine;
    private final byte[] buffer = new byte[CAPACITY];
    private int count;
    private OutputStream target = nullOutputStream();

    /** Leaves line breaks where they are. */
    public JsonOutput() {
        this(false);
    }

    /** @param oneLine whether to write spaces for the line breaks in JSON of others, where they mean nothing */
    public JsonOutput(boolean oneLine) {
        this.oneLine = oneLine;
    }

    /** Goes on writing to {@code out}; nothing may be left over for another stream. */
    public JsonOutput to(OutputStream out) {
        target = out;
        return this;
    }

    /** Hands what has been written so far to the stream below, which it does not flush. */
    public void handOver() throws IOException {
        target.write(buffer, 0, count);
        count = 0;
    }

    @Override
    public void write(int b) throws IOException {
        reserve(1);
        buffer[count++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > CAPACITY - count) {
            handOver();
            if (length > CAPACITY) {
                target.write(bytes, offset, length);
                return;
            }
        }
        System.arraycopy(bytes, offset, buffer, count, length);
        count += length;
    }

    /** JSON of others. */
    public void json(byte[] bytes, int offset, int length) throws IOException {
        if (!oneLine) {
            write(bytes, offset, length);
            return;
        }
        for (int i = offset; i < offset + length; i++) {
            // Between tokens only: in strings they are escaped.
            write(bytes[i] == '\n' || bytes[i] == '\r' ? ' ' : bytes[i]);
        }
    }

    /** JSON of our own making: ASCII only. */
    public JsonOutput ascii(String json) throws IOException {
        for (int i = 0; i < json.length(); i++) {
            write(json.charAt(i));
        }
        return this;
    }

    /** A string. */
    public JsonOutput string(String text) throws IOException {
        write('"');
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            reserve(LONGEST);
            if (c < 0x80) {
                character((byte) c);
            } else {
                encode(c);
            }
            i += Character.charCount(c);
        }
        write('"');
        return this;
    }

    /** A string that is UTF-8 already, which has been checked. */
    public void utf8String(byte[] bytes, int offset, int length) throws IOException {
        write('"');
        for (int i = offset; i < offset + length; i++) {
            reserve(LONGEST);
            character(bytes[i]);
        }
        write('"');
    }

    /** A string of base64url without padding (RFC 4648, section 5). */
    public void base64String(byte[] bytes, int offset, int length) throws IOException {
        write('"');
        try (OutputStream encoder = BASE64URL.wrap(this)) {
            encoder.write(bytes, offset, length);
        }
        write('"');
    }

    /** An ASCII character, escaped where JSON says so (RFC 8259, section 7), or a byte of a longer one. */
    private void character(byte c) {
        switch (c) {
            case '"' -> escape('"');
            case '\\' -> escape('\\');
            case '\n' -> escape('n');
            case '\r' -> escape('r');
            case '\t' -> escape('t');
            default -> {
                if (c >= 0 && c < ' ') {
                    escapeUnicode(c);
                } else {
                    buffer[count++] = c;
                }
            }
        }
    }

    private void encode(int c) {
        if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
            escapeUnicode(c);
            return;
        }
        if (c < 0x800) {
            buffer[count++] = (byte) (0xc0 | (c >> 6));
        } else if (c < 0x10000) {
            buffer[count++] = (byte) (0xe0 | (c >> 12));
            continuation(c >> 6);
        } else {
            buffer[count++] = (byte) (0xf0 | (c >> 18));
            continuation(c >> 12);
            continuation(c >> 6);
        }
        continuation(c);
    }

    private void continuation(int bits) {
        buffer[count++] = (byte) (0x80 | (bits & 0x3f));
    }

    private void escape(char c) {
        buffer[count++] = '\\';
        buffer[count++] = (byte) c;
    }

    private void escapeUnicode(int c) {
        escape('u');
        for (int shift = 12; shift >= 0; shift -= 4) {
            buffer[count++] = HEX[c >> shift & 0xf];
        }
    }

    private void reserve(int length) throws IOException {
        if (length > CAPACITY - count) {
            handOver();
        }
    }
}
