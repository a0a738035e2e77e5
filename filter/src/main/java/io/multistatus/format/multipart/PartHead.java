package io.multistatus.format.multipart;

import io.multistatus.format.ContentType;
import io.multistatus.model.BatchBuilder;
import io.multistatus.model.BatchException;
import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Problem;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a part ahead of its content (RFC 2045, section 3). Immutable.
 *
 * @param fields empty if there is a fault
 * @param id the Content-ID (RFC 2045, section 7), or null
 * @param fault why the part cannot be an item whatever its content, or null
 */
record PartHead(
        Headers fields, @Nullable ItemId id, @Nullable Problem fault) {
    /** These leave bytes as they are (RFC 2045, section 6.2). */
    private static final Set<String> IDENTITY_ENCODINGS = Set.of("binary", "8bit", "7bit");

    /** Reads it up to the part's content. */
    static PartHead read(MultipartInput input, BatchBuilder batch) throws BatchException, IOException {
        try {
            Headers fields = FieldLines.read(input::headLine, batch);
            return new PartHead(fields, id(fields), null);
        } catch (MalformedPartException e) {
            return new PartHead(Headers.empty(), e.id(), e.problem());
        }
    }

    /** Its Content-Type as written, empty if it has none. */
    String contentType() {
        return fields.first("Content-Type").orElse("");
    }

    /** Whether it has parts of its own. */
    boolean isMultipart() {
        return ContentType.parse(contentType())
                .filter(type -> type.essence().equals("multipart/mixed"))
                .isPresent();
    }

    /** The Content-ID among {@code fields}, if it is there. */
    static @Nullable ItemId id(Headers fields) {
        return ContentIds.parse(fields.first("Content-ID").orElse(""));
    }

    /**
     * Sees that the content is there as it is meant.
     *
     * @throws MalformedPartException if it is encoded
     */
    void checkIsNotEncoded() throws MalformedPartException {
        Optional<String> encoding =
                fields.first("Content-Transfer-Encoding").map(text -> text.toLowerCase(Locale.ROOT));
        if (encoding.isPresent() && !IDENTITY_ENCODINGS.contains(encoding.get())) {
            throw new MalformedPartException(
                    "Content-Transfer-Encoding must be binary, but is " + Problem.quote(encoding.get()));
        }
    }

    /**
     * Sees that the content is a request.
     *
     * @throws MalformedPartException if it is something else, or encoded
     */
    void checkIsHttp() throws MalformedPartException {
        if (fault != null) {
            throw new MalformedPartException(fault);
        }
        checkIsNotEncoded();
        boolean http = ContentType.parse(contentType())
                .filter(type -> type.essence().equals("application/http"))
                .isPresent();
        if (!http && !contentType().isEmpty()) {
            throw new MalformedPartException(
                    isMultipart()
                            ? "a change set cannot stand within a change set"
                            : "the part's Content-Type must be application/http, but is "
                                    + Problem.quote(contentType()));
        }
    }
}
