package io.multistatus.content;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;

/** Charsets as messages name them. */
public final class Charsets {
    private Charsets() {}

    /** The charset of that name, if it is one that this JDK has. */
    public static Optional<Charset> find(String name) {
        try {
            return Optional.of(Charset.forName(name));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.empty();
        }
    }

    /** Whether text should be UTF-8: because its sender says so, or because it says nothing else. */
    public static boolean isUtf8(Optional<Charset> declared) {
        return declared.isEmpty() || declared.get().equals(StandardCharsets.UTF_8);
    }

    /** The text, if every byte has its place in it; a byte order mark is not part of it. */
    public static Optional<String> decode(Charset charset, byte[] bytes, int offset, int length) {
        try {
            String text = charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, offset, length))
                    .toString();
            return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
