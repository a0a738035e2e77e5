package io.multistatus.demo.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;

/**
 * How much each client may do: a bucket of tokens for each, which fills up again as time goes by. As many clients are
 * remembered as there is room for; one that has done nothing for so long that its bucket is full is forgotten. Thread-safe.
 */
final class ClientBuckets {
    private static final int MAX_CLIENTS = 10_000;

    private final int capacity;
    private final Duration period;
    private final Cache<String, Bucket> buckets;

    /**
     * Full buckets for all.
     *
     * @param capacity how much a client may do at once
     * @param period how long an empty bucket takes to be full again
     */
    ClientBuckets(int capacity, Duration period) {
        this.capacity = capacity;
        this.period = period;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MAX_CLIENTS)
                .expireAfterAccess(period)
                .build();
    }

    /** Takes a token of {@code client}'s; how long until there is one if there is none now, else zero. */
    Duration take(String client) {
        ConsumptionProbe probe = bucket(client).tryConsumeAndReturnRemaining(1);
        return probe.isConsumed() ? Duration.ZERO : Duration.ofNanos(probe.getNanosToWaitForRefill());
    }

    /** Puts a token back that {@code client} has not needed. */
    void giveBack(String client) {
        bucket(client).addTokens(1);
    }

    /** A wait as {@code Retry-After} has it, in whole seconds, never too short. */
    static String retryAfter(Duration wait) {
        return Long.toString(wait.plusNanos(999_999_999).toSeconds());
    }

    private Bucket bucket(String client) {
        return buckets.get(
                client,
                newcomer -> Bucket.builder()
                        .addLimit(Bandwidth.builder()
                                .capacity(capacity)
                                .refillGreedy(capacity, period)
                                .build())
                        .build());
    }
}
