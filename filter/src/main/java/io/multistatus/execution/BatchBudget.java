package io.multistatus.execution;

import java.util.Optional;

/**
 * The bytes that one batch holds: its request until it ends, its responses until they are written. Thread-safe.
 */
public final class BatchBudget implements AutoCloseable {
    private final BufferBudget filter;
    private final long maxEnvelopeBytes;

    // All below: guarded by this.
    private long requestBytes;
    private long responseBytes;
    private boolean closed;

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
    public synchronized boolean tryReserveRequest(long bytes) {
        if (closed || !filter.tryReserve(bytes)) {
            return false;
        }
        requestBytes += bytes;
        return true;
    }

    /** Takes room for more of a response; or nothing, and returns the key of the limit that is in the way. */
    synchronized Optional<String> reserveResponse(long bytes) {
        if (closed || bytes > maxEnvelopeBytes - responseBytes) {
            return Optional.of("maxEnvelopeBytes");
        }
        if (!filter.tryReserve(bytes)) {
            return Optional.of("maxBufferedBytes");
        }
        responseBytes += bytes;
        return Optional.empty();
    }

    synchronized void releaseResponse(long bytes) {
        if (!closed) {
            responseBytes -= bytes;
            filter.release(bytes);
        }
    }

    /**
     * Gives everything back. To be called once the batch holds nothing any more; more calls do nothing. A handler that
     * comes too late gets no room any more, and has none to give back.
     */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            filter.release(requestBytes + responseBytes);
        }
    }
}
