package io.multistatus.execution;

import java.time.Duration;

/**
 * What one batch may take.
 *
 * @param itemTimeout how long an item may run, above zero; each time, if it is tried again
 * @param batchTimeout how long all of them may take together, above zero
 * @param batchTimeoutKey what that is called in the configuration
 * @param maxConcurrency how many of them may run at once, 1 or more
 * @param maxResponseBytes how long the body of one answer may be, in bytes
 * @param maxHeldBytes how much of the answers the client may not have taken yet while another item begins; no limit where they
 *     go out all together
 * @param retries which items are tried again
 */
public record RunLimits(
        Duration itemTimeout,
        Duration batchTimeout,
        String batchTimeoutKey,
        int maxConcurrency,
        long maxResponseBytes,
        long maxHeldBytes,
        RetryPolicy retries) {
    /** For {@code maxHeldBytes}. */
    public static final long NO_LIMIT = Long.MAX_VALUE;
}
