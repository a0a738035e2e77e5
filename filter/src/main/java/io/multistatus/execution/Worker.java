package io.multistatus.execution;

/**
 * A thread's part in a batch. Its fields belong to the lock of the {@link RunState} it works for.
 */
final class Worker {
    static final int NO_ITEM = -1;
    /** As an item: one that another worker has taken over since, to try it again. */
    static final int TAKEN_OVER = -2;

    /** Whether this is the thread that read the batch. */
    final boolean reader;

    /** The item whose dispatch is on this thread's stack. */
    int item = NO_ITEM;

    /** Whether that item has its answer already, if only for now, and since when by {@link System#nanoTime()}. */
    boolean answered;

    long answeredAt;

    /** Given up: stuck in an item that has its answer, so another thread has taken its place. */
    boolean retired;

    Worker(boolean reader) {
        this.reader = reader;
    }
}
