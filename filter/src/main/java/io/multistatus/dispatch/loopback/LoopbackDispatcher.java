package io.multistatus.dispatch.loopback;

import io.multistatus.dispatch.Dispatcher;
import io.multistatus.dispatch.DispatcherCapabilities;
import io.multistatus.dispatch.Dispatchers;
import io.multistatus.dispatch.Exchange;
import io.multistatus.dispatch.OuterFacts;
import io.multistatus.dispatch.ResponseSink;
import io.multistatus.model.Headers;
import io.multistatus.model.WireRequest;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends each item over a connection of its own, from a thread of the batch filter's: the thread that dispatches it may be
 * the very one that the server needs to serve it.
 */
final class LoopbackDispatcher implements Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(LoopbackDispatcher.class);
    private static final DispatcherCapabilities CAPABILITIES = new DispatcherCapabilities("loopback", true, true, true);
    private static final int BAD_REQUEST = 400;

    private final OuterFacts outer;
    private final ServerAddress address;
    private final ClientView client;
    private final Executor executor;

    LoopbackDispatcher(OuterFacts outer, ServerAddress address, ClientView client, Executor executor) {
        this.outer = outer;
        this.address = address;
        this.client = client;
        this.executor = executor;
    }

    @Override
    public DispatcherCapabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Headers outerHeaders() {
        return outer.headers();
    }

    @Override
    public Optional<String> authority() {
        return outer.authority();
    }

    @Override
    public int maxResponseHeaderBytes() {
        return outer.maxResponseHeaderBytes();
    }

    @Override
    public Optional<InetSocketAddress> localAddress() {
        return outer.localAddress();
    }

    @Override
    public boolean isNested() {
        return outer.nested();
    }

    @Override
    public void disconnect() {
        outer.disconnect().run();
    }

    @Override
    public Exchange dispatch(WireRequest request, ResponseSink sink) {
        byte[] head;
        try {
            head = RequestBytes.head(
                    request,
                    Headers.builder()
                            .addAll(client.apply(request.headers()))
                            .add(Dispatchers.LOOPBACK_MARK, "1")
                            .build());
        } catch (IllegalArgumentException e) {
            LOG.debug("An item cannot be sent", e);
            sink.head(BAD_REQUEST, Headers.empty());
            sink.complete();
            return cause -> {};
        }
        LoopbackExchange exchange = new LoopbackExchange(address, request.method(), head, request.body(), sink);
        try {
            executor.execute(exchange);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            sink.aborted(e);
        }
        return exchange;
    }
}
