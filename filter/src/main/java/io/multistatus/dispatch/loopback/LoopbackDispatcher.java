package io.multistatus.dispatch.loopback;

import io.multistatus.dispatch.Dispatcher;
import io.multistatus.dispatch.DispatcherCapabilities;
import io.multistatus.dispatch.Dispatchers;
import io.multistatus.dispatch.Exchange;
import io.multistatus.dispatch.OuterFacts;
import io.multistatus.dispatch.ResponseSink;
import io.multistatus.model.Headers;
import io.multistatus.model.WireRequest;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends each item over a connection of its own, from a thread of the batch filter's: the thread that dispatches it may be
 * the very one that the server needs to serve it.
 */
final class LoopbackDispatcher implements Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(LoopbackDispatcher.class);
    private static final DispatcherCapabilities CAPABILITIES = new DispatcherCapabilities("loopback", true, true, true);
    private static final String FORWARDED_FOR = "X-Forwarded-For";
    private static final int BAD_REQUEST = 400;

    private final OuterFacts outer;
    private final ServerAddress address;
    private final @Nullable String clientAddress;
    private final IdleConnections idle;
    private final Executor executor;

    LoopbackDispatcher(
            OuterFacts outer,
            ServerAddress address,
            @Nullable String clientAddress,
            IdleConnections idle,
            Executor executor) {
        this.outer = outer;
        this.address = address;
        this.clientAddress = clientAddress;
        this.idle = idle;
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
    public int maxResponseHeaderBytes() {
        return outer.maxResponseHeaderBytes();
    }

    @Override
    public boolean isNested() {
        return outer.nested();
    }

    @Override
    public Exchange dispatch(WireRequest request, ResponseSink sink) {
        byte[] head;
        try {
            head = RequestBytes.head(request, headers(request.headers()));
        } catch (IllegalArgumentException e) {
            LOG.debug("An item cannot be sent", e);
            sink.head(BAD_REQUEST, Headers.empty());
            sink.complete();
            return cause -> {};
        }
        LoopbackExchange exchange = new LoopbackExchange(address, idle, request.method(), head, request.body(), sink);
        try {
            executor.execute(exchange);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            sink.aborted(e);
        }
        return exchange;
    }

    /**
     * Adds what a hop adds. To the server the items come from its own machine, which it may trust to name the client: so
     * the true one is named last, where whoever goes by trust looks first.
     */
    private Headers headers(Headers headers) {
        Headers.Builder all = Headers.builder();
        all.addAll(headers.without(name -> name.equalsIgnoreCase(FORWARDED_FOR) || name.equalsIgnoreCase("Forwarded")));
        if (clientAddress != null) {
            all.add(FORWARDED_FOR, plus(headers.all(FORWARDED_FOR), clientAddress));
            if (headers.contains("Forwarded")) {
                String node = clientAddress.contains(":") ? "\"[" + clientAddress + "]\"" : clientAddress;
                all.add("Forwarded", plus(headers.all("Forwarded"), "for=" + node));
            }
        }
        return all.add(Dispatchers.LOOPBACK_MARK, "1").build();
    }

    private static String plus(List<String> hops, String hop) {
        return hops.isEmpty() ? hop : String.join(", ", hops) + ", " + hop;
    }
}
