package io.multistatus.execution;

/** Told once that all items of a batch have their answers, unless the thread that read the batch finds out itself. */
@FunctionalInterface
public interface BatchCompletion {

    /**
     * Writes the envelope. Called on a thread of the executor's.
     *
     * @param readerInside whether the thread that read the batch is still in the filter, stuck in an item; otherwise the
     *     outer request is async by now
     */
    void deliver(boolean readerInside);

    /** Called every now and then until the batch has ended, by one thread at a time; must not block. */
    default void tick() {}
}
