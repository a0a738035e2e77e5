package io.multistatus.execution;

import io.multistatus.model.Headers;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * Which items are tried again where nobody waits for them, and when. Only what may be repeated is: an item that is safe, or that has an
 * {@code Idempotency-Key}. Immutable and thread-safe.
 *
 * @param retries how often at most, 0 for never
 */
public record RetryPolicy(int retries) {
    /** Nothing is tried again. */
    public static final RetryPolicy NONE = new RetryPolicy(0);

    private static final Set<Integer> PASSING = Set.of(429, 502, 503, 504);
    private static final String RETRY_AFTER = "Retry-After";
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    /** Whoever asks to be left alone for longer does not get it by this way. */
    private static final Duration LONGEST_ASKED = Duration.ofMinutes(10);

    boolean isNever() {
        return retries == 0;
    }

    /**
     * When an item is tried again that has been answered.
     *
     * @param before how often it has been tried again before
     * @return how long from now; empty if the answer is final
     */
    Optional<Duration> delay(Subrequest item, int before, Subresponse answer) {
        if (before >= retries || !mayPass(item, answer)) {
            return Optional.empty();
        }
        Duration asked = retryAfter(answer.headers());
        if (asked.compareTo(LONGEST_ASKED) > 0) {
            return Optional.empty();
        }
        return Optional.of(asked.isZero() ? backoff(before) : jittered(asked, asked.plus(asked.dividedBy(10))));
    }

    private static boolean mayPass(Subrequest item, Subresponse answer) {
        boolean keyed = item.headers().contains("Idempotency-Key");
        if (answer.status() == 409) {
            // The first request with the key is running still.
            return keyed && answer.headers().contains(RETRY_AFTER);
        }
        return PASSING.contains(answer.status()) && (keyed || item.isSafe());
    }

    /** RFC 9110, section 10.2.3; zero if it is not there, or makes no sense. */
    private static Duration retryAfter(Headers headers) {
        String value = headers.first(RETRY_AFTER).map(String::trim).orElse("");
        if (SECONDS.matcher(value).matches()) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            Instant then = value.isEmpty()
                    ? Instant.MIN
                    : ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant();
            Instant now = Instant.now();
            return then.isAfter(now) ? Duration.between(now, then) : Duration.ZERO;
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }

    /** Twice as long each time, and not the same for all that have failed at once. */
    private static Duration backoff(int before) {
        Duration whole = before < 5 ? FIRST.multipliedBy(1L << before) : LONGEST;
        return jittered(whole.dividedBy(2), whole);
    }

    private static Duration jittered(Duration least, Duration most) {
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(least.toMillis(), most.toMillis() + 1));
    }
}
