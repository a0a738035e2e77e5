package io.multistatus.equivalence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.IdentityHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What each request is answered over the wire; asked when first wanted, once unless it says otherwise. Not thread-safe. */
final class WireAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(WireAnswers.class);
    /** How often the wire may contradict itself. */
    private static final int MOST_ATTEMPTS = 6;

    private final Laboratory laboratory;
    private final int attempts;
    private final boolean steady;
    private final IdentityHashMap<RequestCase, Seen> answers = new IdentityHashMap<>();

    WireAnswers(Laboratory laboratory) {
        this(laboratory, 1);
    }

    /** Asks again, up to so many times in all, where an answer comes broken. */
    WireAnswers(Laboratory laboratory, int attempts) {
        this(laboratory, attempts, false);
    }

    private WireAnswers(Laboratory laboratory, int attempts, boolean steady) {
        this.laboratory = laboratory;
        this.attempts = attempts;
        this.steady = steady;
    }

    /**
     * Takes for an answer what the wire says twice in a row, and fails if it never does. For hosts over TLS: Jetty 12.1 breaks one
     * request in some thousands there, or answers it as if it had been sent other bytes, when the one before was refused for its
     * length; also if nobody sends it batches.
     */
    static WireAnswers steady(Laboratory laboratory) {
        return new WireAnswers(laboratory, 1, true);
    }

    /** The answer to a request alone over the wire, and how many requests the host's listener has seen for it. */
    Seen of(RequestCase request) {
        return answers.computeIfAbsent(request, this::ask);
    }

    private Seen ask(RequestCase request) {
        return steady ? askUntilSteady(request) : askOnce(request);
    }

    private Seen askUntilSteady(RequestCase request) {
        String last = null;
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            String now;
            try {
                Seen seen = askOnce(request);
                now = Appearance.of(seen.answer()) + Appearance.cookies(seen.answer());
                if (now.equals(last)) {
                    return seen;
                }
            } catch (UncheckedIOException e) {
                now = e.getCause().toString();
            }
            if (last != null) {
                LOG.warn("{} over the wire: first\n{}\nand now\n{}", request.name(), last, now);
            }
            last = now;
        }
        throw new AssertionError(
                request.name() + " over the wire was not answered the same twice in a row: at last\n" + last);
    }

    private Seen askOnce(RequestCase request) {
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
