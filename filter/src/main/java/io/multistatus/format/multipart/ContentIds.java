package io.multistatus.format.multipart;

import io.multistatus.model.ItemId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the answers to items are called. */
final class ContentIds {
    private ContentIds() {}

    /** The id that a client has written as a Content-ID; null if that is empty. */
    static @Nullable ItemId parse(String written) {
        boolean bracketed = written.length() > 2 && written.startsWith("<") && written.endsWith(">");
        String latin1 = bracketed ? written.substring(1, written.length() - 1) : written;
        if (latin1.isEmpty()) {
            return null;
        }
        return Utf8Text.of(latin1)
                .map(text ->
                        new ItemId(text, bracketed ? ItemId.Spelling.BRACKETED_UTF_8 : ItemId.Spelling.PLAIN_UTF_8))
                .orElseGet(() -> new ItemId(latin1, bracketed ? ItemId.Spelling.BRACKETED : ItemId.Spelling.PLAIN));
    }

    /**
     * The Content-ID of the request, byte for byte as it came, with {@code prefix} before its text; of an id that came otherwise what
     * is not Latin-1 is percent-encoded.
     */
    static Optional<String> of(@Nullable ItemId id, String prefix) {
        if (id == null) {
            return Optional.empty();
        }
        return Optional.of(
                switch (id.spelling()) {
                    case PLAIN, NUMBER -> prefix + encoded(id.text());
                    case BRACKETED -> "<" + prefix + encoded(id.text()) + ">";
                    case PLAIN_UTF_8 -> prefix + Utf8Text.asLatin1(id.text());
                    case BRACKETED_UTF_8 -> "<" + prefix + Utf8Text.asLatin1(id.text()) + ">";
                });
    }

    private static String encoded(String id) {
        StringBuilder text = new StringBuilder(id.length());
        id.codePoints().forEach(c -> {
            if (c <= 0xff) {
                text.append((char) c);
            } else {
                text.append(URLEncoder.encode(Character.toString(c), StandardCharsets.UTF_8));
            }
        });
        return text.toString();
    }
}
