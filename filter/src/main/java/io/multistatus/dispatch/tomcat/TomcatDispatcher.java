package io.multistatus.dispatch.tomcat;

import io.multistatus.dispatch.Dispatcher;
import io.multistatus.dispatch.DispatcherCapabilities;
import io.multistatus.dispatch.Exchange;
import io.multistatus.dispatch.ResponseSink;
import io.multistatus.model.Headers;
import io.multistatus.model.WireRequest;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
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
    /** Those whose item is over, with what Catalina keeps with a request for the next one; as HTTP/2 keeps them. */
    private final Deque<Request> idleRequests = new ConcurrentLinkedDeque<>();

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
        requestHead = new RequestHead(protocol);
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
    public int maxResponseHeaderBytes() {
        return protocol.getMaxHttpResponseHeaderSize();
    }

    @Override
    public boolean isNested() {
        return nested;
    }

    @Override
    public Exchange dispatch(WireRequest request, ResponseSink sink) {
        Request idle = idleRequests.poll();
        Request coyote = idle == null ? newRequest() : idle;
        TomcatStream stream = new TomcatStream(this, coyote, request, sink);
        stream.start();
        if (stream.releasesRequest()) {
            Response response = coyote.getResponse();
            coyote.recycle();
            response.recycle();
            idleRequests.push(coyote);
        }
        return stream;
    }

    private static Request newRequest() {
        Request request = new Request();
        request.setResponse(new Response());
        return request;
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
