package io.multistatus.execution;

import io.multistatus.model.Subresponse;

/** Told of the answers to a batch, and once that all are there, unless the thread that read the batch finds out itself. */
@FunctionalInterface
public interface BatchCompletion {

    /**
     * Writes the envelope. Called on a thread of the executor's.
     *
     * @param readerInside whether the thread that read the batch is still in the filter, stuck in an item; otherwise the
     *     outer request is async by now
     */
    void deliver(boolean readerInside);

    /**
     * Called once for each item, on any thread, as soon as its answer is known: before listeners, who may take their time, and
     * before {@link #deliver}, unless the calling thread is held up for long. Must neither block nor throw.
     */
    default void answered(int item, Subresponse response) {}

    /** Called every now and then until the batch has ended, by one thread at a time; must not block. */
    default void tick() {}
}
