package io.multistatus.execution;

/**
 * A thread's part in a batch. Its fields belong to the lock of the {@link RunState} it works for.
 */
final class Worker {
    static final int NO_ITEM = -1;

    /** Whether this is the thread that read the batch. */
    final boolean reader;

    /** The item whose dispatch is on this thread's stack. */
    int item = NO_ITEM;

    /** Given up: stuck in an item that is done, so another thread has taken its place. */
    boolean retired;

    Worker(boolean reader) {
        this.reader = reader;
    }
}
