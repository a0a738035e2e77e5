package io.multistatus.event;

import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.time.Duration;
import java.util.Optional;

/**
 * Watches batches and their items, and may have a say in whether and how items run. Every method does nothing unless
 * overridden.
 *
 * <p>Order: {@link #filterStarted} first of all, {@link #filterStopped} last. {@link #batchBegun} first and
 * {@link #batchEnded} last of a batch; between them, for each item that is to run, {@link #beforeItem}, then either
 * {@link #itemRefused} or {@link #itemFields} and {@link #itemBegun}, then {@link #itemTimedOut} if it took too long, then
 * {@link #itemFailed} if its status is 400 or above, then {@link #itemEnded}. An item that is never dispatched (malformed,
 * refused, dependency failed, batch timed out) has no {@code itemBegun}; it has an {@code itemEnded} all the same. An item
 * whose time is up before it could be dispatched may end while it is still asked about. A batch that is refused as a whole
 * has no events but {@link #batchRefused}. A job has {@link #jobQueued} before all these, and if it never begins, then
 * {@link #jobDropped} and nothing else.
 *
 * <p>Calls come on the threads that do the work: those of one item one after another, those of different items at the
 * same time, so implementations must be thread-safe, and quick. Whatever one throws is logged and harms nobody, but for
 * {@link #beforeItem} and {@link #itemFields}, where it costs the item.
 */
public interface BatchListener {

    /**
     * A batch filter has started.
     *
     * @param state may be asked until {@link #filterStopped}
     */
    default void filterStarted(FilterState state) {}

    /**
     * A batch filter has stopped.
     *
     * @param state the one it started with
     */
    default void filterStopped(FilterState state) {}

    /** A batch has been taken as a job and waits for its turn; on the thread of the request that posted it. */
    default void jobQueued(BatchEvent batch) {}

    /**
     * A job has ended before its turn had come; nothing of it ran.
     *
     * @param why it was cancelled, or the app stopped
     */
    default void jobDropped(BatchEvent batch, Problem why) {}

    /** A batch has been read and is about to run; one that is a job, when its turn has come. */
    default void batchBegun(BatchEvent batch) {}

    /** A batch was refused as a whole; nothing of it ran. */
    default void batchRefused(RefusedBatchEvent refused) {}

    /**
     * Decides whether an item may run, on the thread that is about to dispatch it. It has passed all checks of the batch
     * endpoint, none of the host. An item of a job that is tried again is asked about again.
     *
     * <p>A filter of the host, mapped for {@code REQUEST}, sees each item anyway, and sees it as the container does. This is for
     * what is to be decided before, or of the batch. What goes by {@link ItemEvent#path()} is got round by another spelling:
     * see {@link ItemEvent#target()}.
     *
     * <p>If this throws, the item does not run either and is answered with 500: what decides must not be got round by
     * making it fail.
     *
     * @return the answer that the item gets instead of being dispatched ({@link Subresponse#of(Problem, Headers)} makes one of
     *     problem details and, say, a {@code Retry-After}); empty if it may run
     */
    default Optional<Subresponse> beforeItem(ItemEvent item) {
        return Optional.empty();
    }

    /**
     * A listener has answered an item by {@link #beforeItem}; it is not dispatched.
     *
     * @param response that answer
     */
    default void itemRefused(ItemEvent item, Subresponse response) {}

    /**
     * Fields that the item's request gets, in place of those of the same name that it has or inherits. They come from the host
     * itself, so that they may be such as items may not set.
     *
     * <p>If this throws, or gives what cannot be a field, the item does not run and is answered with 500: what its client wrote
     * must not stay in the place of what the host would have set.
     */
    default Headers itemFields(ItemEvent item) {
        return Headers.empty();
    }

    /**
     * This thread is about to run code of the host for an item: its dispatch, which begins in front of all filters, or an
     * async dispatch of it, which begins where the batch filter stands (if that is mapped to {@code ASYNC} dispatches).
     * Threads of the host's own are not told of.
     *
     * @return what is closed on the same thread when that code has returned
     */
    default ItemScope enterItem(ItemEvent item) {
        return ItemScope.NONE;
    }

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
