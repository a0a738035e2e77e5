package io.multistatus.dispatch;

import io.multistatus.model.Headers;
import io.multistatus.model.WireRequest;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * One virtual connection: dispatches subrequests into the container as if they had come over the wire on the connection
 * of the outer request. Snapshots what it needs of the outer request (addresses, TLS, connector) when opened and holds
 * on to none of its recyclable objects. Thread-safe.
 */
public interface Dispatcher {

    /** What this way of dispatching can do. */
    DispatcherCapabilities capabilities();

    /**
     * The fields of the outer request as its client sent them, before anything in the container or the app changed them:
     * whatever did passes the items too.
     */
    Headers outerHeaders();

    /**
     * Where the outer request's client sent it to, if it said so by other means than a Host field ({@code :authority} of
     * HTTP/2), as the container received it; empty if not.
     */
    Optional<String> authority();

    /** How long the header of the outer response may get, in bytes; past it the container sends no answer at all. */
    int maxResponseHeaderBytes();

    /**
     * The address that the outer request's connection ends at on this machine, whatever a proxy's fields have made of it
     * since; empty if it has none.
     */
    Optional<InetSocketAddress> localAddress();

    /** Whether the outer request is itself a subrequest of another batch, however it was spelled. */
    boolean isNested();

    /**
     * Ends the connection of the outer request by force, or its stream: whoever waits for its client to take more waits no
     * longer, and what that has got cannot be taken for whole. To be called only while the outer request is still being
     * answered. Does nothing where the container itself gives up such clients.
     */
    default void disconnect() {}

    /**
     * Runs the first, blocking stretch of the request on the calling thread. Returns when the host's handler has
     * returned; if the handler went async, {@code sink} is completed later, by another thread.
     *
     * <p>Whatever happens ends in exactly one {@link ResponseSink#complete()} or {@link ResponseSink#aborted}; a request
     * that the container cannot even represent is answered with 400. This method throws nothing.
     *
     * @return the handle to abandon it with
     */
    Exchange dispatch(WireRequest request, ResponseSink sink);
}
