package io.multistatus.equivalence;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A body as an envelope carries it: bytes where the envelope has the very bytes (inline JSON, base64), else text, whose
 * bytes depend on the charset of its Content-Type.
 *
 * @param encoding how the envelope carries it
 * @param bytes the bytes of {@code NONE}, {@code JSON} and {@code BASE64}; for {@code TEXT} those in UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // nobody changes the bytes
public record ItemBody(Encoding encoding, byte[] bytes) {
    private static final Pattern CHARSET = Pattern.compile("(?i);\\s*charset=\"?([^\";\\s]+)");

    /** The ways an envelope carries a body. */
    public enum Encoding {
        NONE,
        JSON,
        TEXT,
        BASE64
    }

    /** No body member. */
    public static ItemBody none() {
        return new ItemBody(Encoding.NONE, new byte[0]);
    }

    /** A string in base64url or base64. */
    public static ItemBody ofBase64(String base64) {
        return new ItemBody(
                Encoding.BASE64,
                Base64.getUrlDecoder().decode(base64.replace('+', '-').replace('/', '_')));
    }

    /** A string. */
    public static ItemBody ofText(String text) {
        return new ItemBody(Encoding.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Its bytes as UTF-8 text. */
    public String asText() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * What the bytes of a wire answer are in the encoding that this body has, so that the two can be compared byte for
     * byte: JSON without what an envelope cannot carry (the white space around it, a mark, another charset), text
     * decoded (contract 4.1). Empty if they cannot be said in this encoding without loss.
     */
    public Optional<byte[]> sameEncodingOf(byte[] wire, String contentType) {
        return switch (encoding) {
            case NONE, BASE64 -> Optional.of(wire);
            case JSON ->
                decode(wire, contentType, List.of(StandardCharsets.UTF_8))
                        .map(text -> text.startsWith("\ufeff") ? text.substring(1) : text)
                        .map(text -> strip(text).getBytes(StandardCharsets.UTF_8));
            case TEXT ->
                decode(wire, contentType, List.of(StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1))
                        .map(text -> text.getBytes(StandardCharsets.UTF_8));
        };
    }

    private static Optional<String> decode(byte[] wire, String contentType, List<Charset> undeclared) {
        List<Charset> candidates = undeclared;
        Matcher declared = CHARSET.matcher(contentType);
        if (declared.find()) {
            try {
                candidates = List.of(Charset.forName(declared.group(1)));
            } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
                // A charset that nobody knows says as little as none.
            }
        }
        for (Charset charset : candidates) {
            try {
                String text = charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)
                        .decode(ByteBuffer.wrap(wire))
                        .toString();
                return Optional.of(text);
            } catch (CharacterCodingException e) {
                // The next one, if there is one.
            }
        }
        return Optional.empty();
    }

    /** Without JSON's white space around it (RFC 8259, section 2). */
    private static String strip(String json) {
        return json.replaceAll("^[ \t\r\n]+|[ \t\r\n]+$", "");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ItemBody body && body.encoding == encoding && Arrays.equals(body.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return 31 * encoding.hashCode() + Arrays.hashCode(bytes);
    }
}
