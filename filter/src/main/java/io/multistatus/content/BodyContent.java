package io.multistatus.content;

import io.multistatus.format.ContentType;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What the body of an answer says to those who have to show it in JSON: JSON as it is, text, or bytes. What does not keep
 * what its Content-Type promises goes one step down, so that whatever the host sent can be shown. Immutable, as long as
 * nobody writes to the bytes.
 */
public final class BodyContent {
    private static final int BYTE_ORDER_MARK_LENGTH = 3;

    /** How a body can be shown. */
    public enum Kind {
        /** One JSON text in UTF-8, without a byte order mark. */
        JSON,
        /** Text in UTF-8. */
        TEXT,
        /** Bytes that say nothing. */
        BINARY
    }

    private final Kind kind;
    private final byte[] bytes;
    private final int offset;
    private final int length;

    private BodyContent(Kind kind, byte[] bytes, int offset, int length) {
        this.kind = kind;
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
    }

    private BodyContent(Kind kind, byte[] bytes) {
        this(kind, bytes, 0, bytes.length);
    }

    /**
     * What {@code body} says. Its bytes are not copied, unless they have to be written in another charset.
     *
     * @param body its position and limit stay as they are
     * @param type the Content-Type; without one nothing is known of the bytes
     */
    public static BodyContent of(ByteBuffer body, Optional<ContentType> type) {
        byte[] bytes;
        int offset = 0;
        if (body.hasArray()) {
            bytes = body.array();
            offset = body.arrayOffset() + body.position();
        } else {
            bytes = new byte[body.remaining()];
            body.duplicate().get(bytes);
        }
        BodyContent binary = new BodyContent(Kind.BINARY, bytes, offset, body.remaining());
        return type.flatMap(binary::as).orElse(binary);
    }

    private Optional<BodyContent> as(ContentType type) {
        // What the host says that the text is encoded in; nothing if it says nothing, or nothing that is known here.
        Optional<Charset> declared = type.charset().flatMap(Charsets::find);
        boolean json = type.isJson();
        Optional<BodyContent> content = json ? asJson(declared) : Optional.empty();
        if (content.isEmpty() && (json || isText(type))) {
            content = asText(declared, !json);
        }
        return content;
    }

    private Optional<BodyContent> asJson(Optional<Charset> declared) {
        BodyContent utf8;
        if (Charsets.isUtf8(declared)) {
            int mark = startsWithByteOrderMark() ? BYTE_ORDER_MARK_LENGTH : 0;
            utf8 = new BodyContent(Kind.JSON, bytes, offset + mark, length - mark);
        } else {
            Optional<String> text = declared.flatMap(this::decode);
            if (text.isEmpty()) {
                return Optional.empty();
            }
            utf8 = new BodyContent(Kind.JSON, text.get().getBytes(StandardCharsets.UTF_8));
        }
        return StrictJson.isJsonText(utf8.bytes, utf8.offset, utf8.length) ? Optional.of(utf8) : Optional.empty();
    }

    /** As text, if it decodes without loss. */
    private Optional<BodyContent> asText(Optional<Charset> declared, boolean latin1Otherwise) {
        if (Charsets.isUtf8(declared) && Utf8Check.isUtf8(bytes, offset, length)) {
            return Optional.of(new BodyContent(Kind.TEXT, bytes, offset, length));
        }
        Optional<Charset> charset = declared.or(
                () -> latin1Otherwise && maybeLatin1() ? Optional.of(StandardCharsets.ISO_8859_1) : Optional.empty());
        return charset.flatMap(this::decode)
                .map(text -> new BodyContent(Kind.TEXT, text.getBytes(StandardCharsets.UTF_8)));
    }

    private Optional<String> decode(Charset charset) {
        return Charsets.decode(charset, bytes, offset, length);
    }

    /** ISO-8859-1 decodes anything, also UTF-16 as Windows writes it: but then a byte order mark says what it is. */
    private boolean maybeLatin1() {
        return length < 2
                || !((bytes[offset] == (byte) 0xff && bytes[offset + 1] == (byte) 0xfe)
                        || (bytes[offset] == (byte) 0xfe && bytes[offset + 1] == (byte) 0xff));
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

    /** How it can be shown. */
    public Kind kind() {
        return kind;
    }

    /** The array that it is in, from {@link #offset()} on; not to be written to. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where in {@link #bytes()} it begins. */
    public int offset() {
        return offset;
    }

    /** How many bytes there are. */
    public int length() {
        return length;
    }
}
