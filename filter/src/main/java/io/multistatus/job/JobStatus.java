package io.multistatus.job;

import java.time.Instant;

/**
 * What a client is told of a job.
 *
 * @param total how many items it has
 * @param succeeded how many of them have been answered below 400
 * @param failed how many with 400 or above, for good
 * @param createdAt when it was accepted
 * @param expiresAt when it will be forgotten, or at the latest as long as it is not over
 */
public record JobStatus(
        JobId id, JobState state, int total, int succeeded, int failed, Instant createdAt, Instant expiresAt) {

    /** How many items have their final answer. */
    public int completed() {
        return succeeded + failed;
    }
}
