package io.multistatus.format.multipart;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Text that clients write in UTF-8 where fields and request lines are bytes and have been read as Latin-1 (RFC 9110, section
 * 5.5).
 */
final class Utf8Text {
    private Utf8Text() {}

    /** What {@code latin1} says in UTF-8; empty if it is ASCII, which is the same in both, or no UTF-8. */
    static Optional<String> of(String latin1) {
        if (latin1.chars().allMatch(c -> c < 0x80)) {
            return Optional.empty();
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(latin1.getBytes(StandardCharsets.ISO_8859_1));
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The way back. */
    static String asLatin1(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
