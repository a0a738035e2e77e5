package io.multistatus.format;

import io.multistatus.model.BatchBuilder;
import java.util.Collection;
import java.util.Optional;

/** A URL that begins with another item's: {@code $id}, {@code $id/rest} or {@code $id?query} (OData 4.01 Part 1, 11.7.3.1). */
public final class BaseReference {
    private BaseReference() {}

    /** The id that {@code url} begins with, if it is one of {@code ids}; of two that begin alike the longer one. */
    public static Optional<String> idIn(String url, Collection<String> ids) {
        if (!url.startsWith("$")) {
            return Optional.empty();
        }
        for (int end = Math.min(url.length(), 1 + BatchBuilder.MAX_ID_LENGTH); end > 1; end--) {
            if ((end == url.length() || "/?".indexOf(url.charAt(end)) >= 0) && ids.contains(url.substring(1, end))) {
                return Optional.of(url.substring(1, end));
            }
        }
        return Optional.empty();
    }
}
