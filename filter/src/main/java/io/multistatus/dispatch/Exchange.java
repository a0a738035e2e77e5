package io.multistatus.dispatch;

/** One dispatched subrequest. Thread-safe. */
public interface Exchange {

    /**
     * Abandons it, as a client does that goes away: nobody waits for its answer any more. The container is told, so that
     * what it holds for the request can go; a handler that is running is not interrupted. Does nothing once the exchange
     * has ended.
     */
    void cancel(Throwable cause);
}
