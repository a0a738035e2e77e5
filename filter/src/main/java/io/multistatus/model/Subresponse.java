package io.multistatus.model;

import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one item: the host's own, or one that stands in for it (a fault, a timeout, an item that did not run).
 * Immutable; the bytes of {@code body} are never changed and may be read by any thread through
 * {@link ByteBuffer#duplicate()}.
 *
 * @param status the HTTP status, 200 to 599
 * @param headers all fields as the host set them, {@code Set-Cookie} and hop-by-hop ones included
 * @param body the body's bytes, empty for none
 * @param problem why this answer stands in for the host's own; null if the host itself answered
 */
public record Subresponse(
        int status,
        Headers headers,
        ByteBuffer body,
        @Nullable Problem problem) {
    /** The field of an answer that was remembered. */
    public static final String REPLAYED = "Idempotency-Replayed";

    /** The names of problems that say that an item is none to be sent from a batch, whatever the host is doing. */
    private static final Set<String> REFUSALS = Set.of(
            "foreign-origin",
            "forbidden-header",
            "forbidden-target",
            "malformed-request",
            "nested-batch",
            "no-room",
            "subrequest-too-large",
            "too-many-headers");

    /** An answer of the host. */
    public static Subresponse of(int status, Headers headers, ByteBuffer body) {
        return new Subresponse(status, headers, body, null);
    }

    /** An answer that stands in for the host's: a problem details body (RFC 9457). */
    public static Subresponse of(Problem problem) {
        return of(problem, Headers.empty());
    }

    /** An answer that stands in for the host's and keeps {@code headers} of it ahead of its own. */
    public static Subresponse of(Problem problem, Headers headers) {
        return new Subresponse(
                problem.status(),
                Headers.builder()
                        .addAll(headers)
                        .add("Content-Type", Problem.MEDIA_TYPE)
                        .build(),
                ByteBuffer.wrap(problem.toJson()),
                problem);
    }

    /**
     * Whether the host has not been asked because of what the item is. No answer of the host says so, whatever its body is: it has no
     * {@link #problem}.
     */
    public boolean refused() {
        return problem != null && REFUSALS.contains(problem.name());
    }

    /** Whether the app has sent the answer that it remembered, because of the item's {@code Idempotency-Key}, and done nothing. */
    public boolean replayed() {
        return headers.contains(REPLAYED);
    }

    /** Whether the status says that the item failed: 400 or above. */
    public boolean failed() {
        return status >= 400;
    }
}
