package io.multistatus.format.multipart;

import io.multistatus.model.ItemId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the answers to items are called. */
final class ContentIds {
    private ContentIds() {}

    /** The Content-ID of the request, as it came, with {@code prefix} before its text; what is not Latin-1 is percent-encoded. */
    static Optional<String> of(@Nullable ItemId id, String prefix) {
        if (id == null) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder(prefix);
        id.text().codePoints().forEach(c -> {
            if (c <= 0xff) {
                text.append((char) c);
            } else {
                text.append(URLEncoder.encode(Character.toString(c), StandardCharsets.UTF_8));
            }
        });
        return Optional.of(id.spelling() == ItemId.Spelling.BRACKETED ? "<" + text + ">" : text.toString());
    }
}
