package io.multistatus.job;

import java.time.Duration;

/**
 * What jobs of a node may take.
 *
 * @param maxRunning how many of them run at once, 1 or more
 * @param maxQueued how many more may wait, 1 or more
 * @param timeout how long a job may run
 * @param ttl how long it is remembered when it is over
 * @param grace how long running items may go on when the app stops
 * @param lease how long the store waits for a sign of life of the node
 */
public record JobSettings(
        int maxRunning, int maxQueued, Duration timeout, Duration ttl, Duration grace, Duration lease) {

    /** How long a job is remembered that nobody ends: it may wait, run and be remembered. */
    Duration longest() {
        long turns = 2L + (maxQueued + maxRunning - 1) / maxRunning;
        return timeout.multipliedBy(turns).plus(ttl);
    }
}
