package io.multistatus.event;

import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.time.Duration;

/**
 * Watches batches and their items. Every method does nothing unless overridden.
 *
 * <p>Order: {@link #batchBegun} first and {@link #batchEnded} last; between them, for each item that runs,
 * {@link #itemBegun}, then {@link #itemTimedOut} if it took too long, then {@link #itemFailed} if its status is 400 or
 * above, then {@link #itemEnded}. An item that is never dispatched (malformed, refused, dependency failed, batch timed
 * out) has no {@code itemBegun}. A batch that is refused as a whole has no events but {@link #batchRefused}.
 *
 * <p>Calls come on the threads that do the work: those of one item one after another, those of different items at the
 * same time, so implementations must be thread-safe, and quick. Whatever one throws is logged and harms nobody.
 */
public interface BatchListener {

    /** A batch has been read and is about to run. */
    default void batchBegun(BatchEvent batch) {}

    /** A batch was refused as a whole; nothing of it ran. */
    default void batchRefused(Problem problem) {}

    /** An item is about to be dispatched on this thread. */
    default void itemBegun(ItemEvent item) {}

    /** An item has run into its own or the batch's time limit and has been abandoned. */
    default void itemTimedOut(ItemEvent item, Duration limit) {}

    /**
     * An item of a job has failed and is to be tried again: then {@code itemBegun} comes once more, unless the job ends first.
     *
     * @param delay until then
     */
    default void itemPostponed(ItemEvent item, Subresponse response, Duration delay) {}

    /** An item's answer is 400 or above. */
    default void itemFailed(ItemEvent item, Subresponse response) {}

    /**
     * An item has its answer.
     *
     * @param duration since it was dispatched; zero if it never was
     */
    default void itemEnded(ItemEvent item, Subresponse response, Duration duration) {}

    /**
     * All items have their answers; the envelope is about to be written.
     *
     * @param duration since {@link #batchBegun}
     */
    default void batchEnded(BatchEvent batch, Summary summary, Duration duration) {}
}
