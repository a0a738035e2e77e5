package io.multistatus.execution;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that one batch holds: its request until it ends, its responses until they are written. Thread-safe.
 */
public final class BatchBudget implements AutoCloseable {
    private final BufferBudget filter;
    private final long maxEnvelopeBytes;
    private final AtomicLong requestBytes = new AtomicLong();
    private final AtomicLong responseBytes = new AtomicLong();

    /**
     * Holds nothing yet.
     *
     * @param filter what all batches share
     * @param maxEnvelopeBytes how many bytes all responses of this batch may have together
     */
    public BatchBudget(BufferBudget filter, long maxEnvelopeBytes) {
        this.filter = filter;
        this.maxEnvelopeBytes = maxEnvelopeBytes;
    }

    /** Takes room for more of the request, or nothing and returns false. */
    public boolean tryReserveRequest(long bytes) {
        if (!filter.tryReserve(bytes)) {
            return false;
        }
        requestBytes.addAndGet(bytes);
        return true;
    }

    /** Takes room for more of a response, or nothing and returns false. */
    boolean tryReserveResponse(long bytes) {
        if (responseBytes.addAndGet(bytes) <= maxEnvelopeBytes && filter.tryReserve(bytes)) {
            return true;
        }
        responseBytes.addAndGet(-bytes);
        return false;
    }

    void releaseResponse(long bytes) {
        responseBytes.addAndGet(-bytes);
        filter.release(bytes);
    }

    /** Gives everything back. To be called once the batch holds nothing any more; more calls do nothing. */
    @Override
    public void close() {
        filter.release(requestBytes.getAndSet(0) + responseBytes.getAndSet(0));
    }
}
