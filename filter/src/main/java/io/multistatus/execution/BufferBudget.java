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
        if (held.addAndGet(bytes) <= maxBytes) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    void release(long bytes) {
        held.addAndGet(-bytes);
    }

    /** How many bytes are held at this moment. */
    public long heldBytes() {
        return held.get();
    }
}
