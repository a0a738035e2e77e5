package io.multistatus.equivalence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.IdentityHashMap;

/** What each request is answered over the wire; asked once, when first wanted. Not thread-safe. */
final class WireAnswers {
    private final Laboratory laboratory;
    private final int attempts;
    private final IdentityHashMap<RequestCase, Seen> answers = new IdentityHashMap<>();

    WireAnswers(Laboratory laboratory) {
        this(laboratory, 1);
    }

    /** Asks again, up to so many times in all, where an answer comes broken. */
    WireAnswers(Laboratory laboratory, int attempts) {
        this.laboratory = laboratory;
        this.attempts = attempts;
    }

    /** The answer to a request alone over the wire, and how many requests the host's listener has seen for it. */
    Seen of(RequestCase request) {
        return answers.computeIfAbsent(request, this::ask);
    }

    private Seen ask(RequestCase request) {
        try {
            long before = laboratory.requestsSeen();
            HttpAnswer answer = laboratory.overTheWire(request);
            for (int more = attempts - 1; more > 0 && answer.broken() != null; more--) {
                answer = laboratory.overTheWire(request);
            }
            return new Seen(answer, laboratory.requestsSeen() - before);
        } catch (IOException e) {
            throw new UncheckedIOException(request.name() + " over the wire", e);
        }
    }

    record Seen(HttpAnswer answer, long requestsSeen) {}
}
