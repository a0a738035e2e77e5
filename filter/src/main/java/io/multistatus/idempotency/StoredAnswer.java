package io.multistatus.idempotency;

import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request, to be given again. Immutable; nobody may change the bytes.
 *
 * @param kind how the handler gave it
 * @param status the HTTP status
 * @param text of an error the message, of a redirect where to, else null
 * @param headers the fields that the handler set, but for {@code Set-Cookie}
 * @param body the body; empty unless the handler wrote it
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record StoredAnswer(Kind kind, int status, @Nullable String text, Headers headers, byte[] body) {

    /** Ways to give an answer. */
    public enum Kind {
        /** Status, fields and body. */
        WRITTEN,
        /** {@code sendError}: the container gives the error page again. */
        ERROR,
        /** {@code sendRedirect}: the container says again where to. */
        REDIRECT,
        /** As written, but longer than what is kept: the body has gone. */
        TOO_LONG
    }

    /** One that stands in for the handler's. */
    static StoredAnswer of(Problem problem) {
        return new StoredAnswer(
                Kind.WRITTEN, problem.status(), null, Headers.of("Content-Type", Problem.MEDIA_TYPE), problem.toJson());
    }

    /** That there was an answer, without what it was. */
    StoredAnswer bare() {
        return new StoredAnswer(Kind.TOO_LONG, status, null, Headers.of(), new byte[0]);
    }

    /** About how many bytes of memory it takes. */
    public long estimatedBytes() {
        return body.length + headers.estimatedBytes() + (text == null ? 0 : 2L * text.length());
    }
}
