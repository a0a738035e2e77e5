package io.multistatus.format.json;

import io.multistatus.format.ContentType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Writes the body of one answer as the members {@code body} and {@code bodyEncoding}: JSON inline as the host's own
 * bytes, text as a string, all else (what has no Content-Type too) as base64url. What does not keep what its
 * Content-Type promises goes one step down, so the envelope is well-formed whatever the host sent.
 */
final class EnvelopeBody {
    private static final int BYTE_ORDER_MARK_LENGTH = 3;

    private final byte[] bytes;
    private final int offset;
    private final int length;
    private final Optional<ContentType> type;
    /** What the host says that the text is encoded in; empty if it says nothing, or nothing that is known here. */
    private final Optional<Charset> declared;

    private EnvelopeBody(ByteBuffer body, Optional<ContentType> type) {
        if (body.hasArray()) {
            bytes = body.array();
            offset = body.arrayOffset() + body.position();
        } else {
            bytes = new byte[body.remaining()];
            body.duplicate().get(bytes);
            offset = 0;
        }
        length = body.remaining();
        this.type = type;
        declared = type.flatMap(ContentType::charset).flatMap(Charsets::find);
    }

    /** Writes the members, each with a comma before it; nothing for an empty body. */
    static void write(ByteBuffer body, Optional<ContentType> type, JsonOutput out) throws IOException {
        if (body.hasRemaining()) {
            new EnvelopeBody(body, type).write(out);
        }
    }

    private void write(JsonOutput out) throws IOException {
        out.ascii(",\"body\":");
        boolean json = type.filter(ContentType::isJson).isPresent();
        if (json && writeInline(out)) {
            return;
        }
        boolean text = json || type.filter(EnvelopeBody::isText).isPresent();
        if (text && writeText(out, !json)) {
            out.ascii(",\"bodyEncoding\":\"text\"");
        } else {
            out.base64String(bytes, offset, length);
            out.ascii(",\"bodyEncoding\":\"base64\"");
        }
    }

    /** Writes it as the JSON it is, if it is. */
    private boolean writeInline(JsonOutput out) throws IOException {
        if (isUtf8Declared()) {
            int mark = startsWithByteOrderMark() ? BYTE_ORDER_MARK_LENGTH : 0;
            return writeIfJson(bytes, offset + mark, length - mark, out);
        }
        byte[] utf8 = declared.flatMap(this::decode)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .orElse(null);
        return utf8 != null && writeIfJson(utf8, 0, utf8.length, out);
    }

    private static boolean writeIfJson(byte[] json, int offset, int length, JsonOutput out) throws IOException {
        if (!StrictJson.isJsonText(json, offset, length)) {
            return false;
        }
        out.write(json, offset, length);
        return true;
    }

    /** Writes it as a string, if it decodes without loss. */
    private boolean writeText(JsonOutput out, boolean latin1Otherwise) throws IOException {
        if (isUtf8Declared() && Utf8Check.isUtf8(bytes, offset, length)) {
            out.utf8String(bytes, offset, length);
            return true;
        }
        Charset charset = declared.orElse(latin1Otherwise ? StandardCharsets.ISO_8859_1 : null);
        Optional<String> text = Optional.ofNullable(charset).flatMap(this::decode);
        if (text.isPresent()) {
            out.string(text.get());
        }
        return text.isPresent();
    }

    /** Whether it should be UTF-8: because the host says so, or because it says nothing else. */
    private boolean isUtf8Declared() {
        return declared.isEmpty() || declared.get().equals(StandardCharsets.UTF_8);
    }

    private Optional<String> decode(Charset charset) {
        return Charsets.decode(charset, bytes, offset, length);
    }

    private boolean startsWithByteOrderMark() {
        return length >= BYTE_ORDER_MARK_LENGTH
                && bytes[offset] == (byte) 0xef
                && bytes[offset + 1] == (byte) 0xbb
                && bytes[offset + 2] == (byte) 0xbf;
    }

    private static boolean isText(ContentType type) {
        return type.isText() || type.isXml() || type.isForm() || type.essence().equals("application/javascript");
    }
}
