package io.multistatus.dispatch.undertow;

import io.multistatus.dispatch.Dispatcher;
import io.multistatus.dispatch.DispatcherCapabilities;
import io.multistatus.dispatch.Exchange;
import io.multistatus.dispatch.ResponseSink;
import io.multistatus.model.Headers;
import io.multistatus.model.WireRequest;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.ServerConnection;
import io.undertow.util.HeaderValues;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.xnio.IoUtils;

/**
 * Gives each item to the root handler on a connection of its own, the way HTTP/2 does it with its streams: what happens
 * then (virtual host, context, security, filters, sessions, async, error pages, access log) is Undertow's own doing.
 *
 * <p>What stays to be done here is what Undertow's HTTP/1 connection does around the handlers: parsing the request, which
 * Undertow's own parser does, and writing the response.
 */
final class UndertowDispatcher implements Dispatcher {
    private static final DispatcherCapabilities CAPABILITIES = new DispatcherCapabilities("undertow", true, true, true);

    private final OuterConnection connection;
    private final ServerConnection outerConnection;
    private final RequestParser parser;
    private final boolean nested;
    private final Headers outerHeaders;

    UndertowDispatcher(OuterConnection connection, HttpServerExchange outer) {
        this.connection = connection;
        outerConnection = outer.getConnection();
        parser = new RequestParser(connection.options());
        nested = ItemConnection.carries(outer.getConnection());
        Headers.Builder headers = Headers.builder();
        for (HeaderValues field : outer.getRequestHeaders()) {
            String name = field.getHeaderName().toString();
            for (String value : field) {
                headers.add(name, value);
            }
        }
        outerHeaders = headers.build();
    }

    @Override
    public DispatcherCapabilities capabilities() {
        return CAPABILITIES;
    }

    /**
     * Handlers in front that set fields of the exchange (ProxyPeerAddressHandler sets Host) leave no trace of what was
     * there before; they do it again for the items, with the same outcome.
     */
    @Override
    public Headers outerHeaders() {
        return outerHeaders;
    }

    /** Undertow makes a Host field of what HTTP/2 says. */
    @Override
    public Optional<String> authority() {
        return Optional.empty();
    }

    /** Undertow writes any header, by the buffer. */
    @Override
    public int maxResponseHeaderBytes() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Optional<InetSocketAddress> localAddress() {
        return connection.local() instanceof InetSocketAddress address ? Optional.of(address) : Optional.empty();
    }

    @Override
    public boolean isNested() {
        return nested;
    }

    /** Undertow lets a client that takes nothing be for ever. */
    @Override
    public void disconnect() {
        IoUtils.safeClose(outerConnection);
    }

    @Override
    public Exchange dispatch(WireRequest request, ResponseSink sink) {
        ItemConnection item = new ItemConnection(connection, request.body(), sink);
        try {
            item.serve(request, parser);
        } catch (RuntimeException e) {
            item.cancel(e);
        }
        return item;
    }
}
