package io.multistatus.dispatch.tomcat;

import io.multistatus.dispatch.Dispatcher;
import io.multistatus.dispatch.DispatcherCapabilities;
import io.multistatus.dispatch.Exchange;
import io.multistatus.dispatch.ResponseSink;
import io.multistatus.model.Headers;
import io.multistatus.model.WireRequest;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http11.AbstractHttp11Protocol;

/**
 * Gives each item a processor of its own, as HTTP/2 does for its streams: what Coyote's adapter and Catalina's valves do
 * with it (checks of the URI, virtual host, context, security, filters, sessions, async, error pages, access log) is
 * Tomcat's own doing.
 */
final class TomcatDispatcher implements Dispatcher {
    private static final DispatcherCapabilities CAPABILITIES = new DispatcherCapabilities("tomcat", true, true, true);

    private final AbstractHttp11Protocol<?> protocol;
    private final OuterConnection connection;
    private final RequestHead requestHead;
    private final Headers outerHeaders;
    private final boolean nested;
    private final Executor executor;

    TomcatDispatcher(
            AbstractHttp11Protocol<?> protocol,
            OuterConnection connection,
            Headers outerHeaders,
            boolean nested,
            Executor executor) {
        this.protocol = protocol;
        this.connection = connection;
        this.outerHeaders = outerHeaders;
        this.nested = nested;
        this.executor = executor;
        requestHead = new RequestHead(protocol, connection.isHttp2(), outerHeaders.contains("Host"));
    }

    @Override
    public DispatcherCapabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Headers outerHeaders() {
        return outerHeaders;
    }

    @Override
    public Optional<String> authority() {
        return connection.authority();
    }

    @Override
    public int maxResponseHeaderBytes() {
        return protocol.getMaxHttpResponseHeaderSize();
    }

    @Override
    public Optional<InetSocketAddress> localAddress() {
        return connection.localAddress();
    }

    @Override
    public boolean isNested() {
        return nested;
    }

    @Override
    public Exchange dispatch(WireRequest request, ResponseSink sink) {
        // A new one for each item, though HTTP/2 uses them again: a thread that an earlier item has left behind could
        // still
        // be writing to what it had.
        Request coyote = new Request();
        coyote.setResponse(new Response());
        TomcatStream stream = new TomcatStream(this, coyote, request, sink);
        stream.start();
        return stream;
    }

    AbstractHttp11Protocol<?> protocol() {
        return protocol;
    }

    OuterConnection connection() {
        return connection;
    }

    RequestHead requestHead() {
        return requestHead;
    }

    /** Runs what Tomcat's connector would run on its threads, which the batch may be holding. */
    Executor executor() {
        return executor;
    }
}
