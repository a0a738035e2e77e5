package io.multistatus.idempotency;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers in the memory of this process, for as long as it lives. What is over a bound is forgotten before its time, the
 * least used first, and the log says so once an hour: a request with that key would run again. Thread-safe.
 */
public final class MemoryIdempotencyStore implements IdempotencyStore {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryIdempotencyStore.class);
    private static final long WARNING_NANOS = Duration.ofHours(1).toNanos();
    /** What an entry takes beside the answer in it. */
    private static final int OVERHEAD_BYTES = 512;

    private final long maxBytes;
    private final Set<ScopedKey> running = ConcurrentHashMap.newKeySet();
    private final Cache<ScopedKey, Answered> answered;
    private final AtomicLong lastWarning = new AtomicLong(System.nanoTime() - WARNING_NANOS);

    /**
     * Holds nothing yet.
     *
     * @param ttl how long an answer is kept, at least
     * @param maxEntries how many answers are kept, 1 or more
     * @param maxBytes how much memory they may take
     */
    public MemoryIdempotencyStore(Duration ttl, int maxEntries, long maxBytes) {
        this.maxBytes = maxBytes;
        // One bound for both: no entry counts for less than its share of the bytes.
        long share = Math.max(1, maxBytes / maxEntries);
        answered = Caffeine.newBuilder()
                .expireAfterWrite(ttl)
                .maximumWeight(maxBytes)
                .weigher((ScopedKey key, Answered value) ->
                        (int) Math.min(Integer.MAX_VALUE, Math.max(share, weight(key, value))))
                .evictionListener((@Nullable ScopedKey key, @Nullable Answered value, RemovalCause cause) -> {
                    if (cause == RemovalCause.SIZE) {
                        warn();
                    }
                })
                .build();
    }

    private static long weight(ScopedKey key, Answered value) {
        return value.answer().estimatedBytes() + 2L * key.key().length() + OVERHEAD_BYTES;
    }

    private void warn() {
        long last = lastWarning.get();
        long now = System.nanoTime();
        if (now - last >= WARNING_NANOS && lastWarning.compareAndSet(last, now)) {
            LOG.warn("More answers to keyed requests than the store may hold: some are forgotten before their time, and"
                    + " with their keys requests run again (maxEntries, maxBytes)");
        }
    }

    @Override
    public Outcome claim(ScopedKey key) {
        if (!running.add(key)) {
            return Outcome.running();
        }
        Answered known = answered.getIfPresent(key);
        if (known != null) {
            running.remove(key);
            return Outcome.answered(known);
        }
        return Outcome.claimed(new Claim() {
            @Override
            public void complete(Answered newAnswered) {
                // What has no room would be forgotten at once.
                answered.put(
                        key,
                        weight(key, newAnswered) > maxBytes
                                ? new Answered(
                                        newAnswered.fingerprint(),
                                        newAnswered.answer().bare())
                                : newAnswered);
                running.remove(key);
            }

            @Override
            public void release() {
                running.remove(key);
            }
        });
    }

    @Override
    public void close() {
        answered.invalidateAll();
    }
}
