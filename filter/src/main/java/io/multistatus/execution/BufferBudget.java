package io.multistatus.execution;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes that all live batches of one filter may hold together. Thread-safe. */
public final class BufferBudget {
    private final long maxBytes;
    private final AtomicLong held = new AtomicLong();

    /** A budget of {@code maxBytes}. */
    public BufferBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Takes {@code bytes} out of the budget, or nothing and returns false. */
    boolean tryReserve(long bytes) {
        long before;
        do {
            before = held.get();
            if (bytes > maxBytes - before) {
                // Never taken and put back: in between, somebody whose bytes fit would be turned away.
                return false;
            }
        } while (!held.compareAndSet(before, before + bytes));
        return true;
    }

    void release(long bytes) {
        held.addAndGet(-bytes);
    }

    /** How many bytes are held at this moment. */
    public long heldBytes() {
        return held.get();
    }
}
