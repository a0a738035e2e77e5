package io.multistatus.job;

import io.multistatus.model.Subresponse;

/**
 * The final answer to an item of a job.
 *
 * @param item its index in the batch
 * @param target the request target that it was sent to, empty if it was not sent
 */
public record JobAnswer(int item, String target, Subresponse response) {

    /** Refuses an answer to an item that a batch of {@code total} does not have. */
    void checkItem(int total) {
        if (item < 0 || item >= total) {
            throw new IllegalArgumentException("an answer to item " + item + " of a batch of " + total);
        }
    }
}
