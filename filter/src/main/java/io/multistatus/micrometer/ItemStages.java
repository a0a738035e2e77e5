package io.multistatus.micrometer;

import java.util.concurrent.atomic.AtomicIntegerArray;

/** How far each item of one batch is. Thread-safe. */
final class ItemStages {
    private static final int WAITING = 0;
    private static final int RUNNING = 1;
    private static final int REFUSED = 2;
    private static final int OVER = 3;

    private final AtomicIntegerArray stages;

    ItemStages(int items) {
        stages = new AtomicIntegerArray(items);
    }

    /** What an item was when it ended. */
    record End(boolean running, boolean refused) {}

    /** Whether the item runs from now on; not if it has ended, as one whose time is up before it is dispatched. */
    boolean begun(int item) {
        return stages.compareAndSet(item, WAITING, RUNNING);
    }

    /** The item is to be tried again; returns whether it has been running until now. */
    boolean postponed(int item) {
        // Who has refused it once may let it pass the next time.
        stages.compareAndSet(item, REFUSED, WAITING);
        return stages.compareAndSet(item, RUNNING, WAITING);
    }

    void refused(int item) {
        stages.compareAndSet(item, WAITING, REFUSED);
    }

    End ended(int item) {
        int before = stages.getAndSet(item, OVER);
        return new End(before == RUNNING, before == REFUSED);
    }

    /** How many are running, which from now on none is. */
    int endAll() {
        int running = 0;
        for (int i = 0; i < stages.length(); i++) {
            running += ended(i).running() ? 1 : 0;
        }
        return running;
    }
}
