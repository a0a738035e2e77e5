package io.multistatus.dispatch.undertow;

import io.undertow.UndertowOptions;
import io.undertow.connector.ByteBufferPool;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.SSLSessionInfo;
import io.undertow.server.ServerConnection;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.util.HttpString;
import io.undertow.util.Protocols;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.xnio.OptionMap;
import org.xnio.XnioIoThread;

/**
 * What the items need of the connection that their batch came on, as that connection is, whatever handlers in front have
 * made of the batch's own exchange: they run for the items again. Thread-safe; outlives the connection.
 */
final class OuterConnection {
    private final HttpHandler rootHandler;
    private final OptionMap options;
    private final ByteBufferPool pool;
    private final int bufferSize;
    private final XnioIoThread ioThread;
    private final ItemWorker worker;
    private final SocketAddress peer;
    private final SocketAddress local;
    private final String transport;
    private final HttpString protocol;
    private final String scheme;
    private final @Nullable SSLSessionInfo tls;

    OuterConnection(HttpServerExchange exchange, HttpHandler rootHandler, Executor executor) {
        ServerConnection connection = exchange.getConnection();
        this.rootHandler = rootHandler;
        options = connection.getUndertowOptions();
        pool = connection.getByteBufferPool();
        bufferSize = connection.getBufferSize();
        ioThread = connection.getIoThread();
        worker = new ItemWorker(connection.getWorker(), executor);
        peer = connection.getPeerAddress();
        local = connection.getLocalAddress();
        transport = connection.getTransportProtocol();
        protocol = exchange.getProtocol();
        SSLSessionInfo session = connection.getSslSessionInfo();
        tls = session == null ? null : new ItemTls(session);
        scheme = scheme(exchange);
    }

    /** Where the client has not said it (HTTP/2), the connection says it: the exchange's may be what a proxy says. */
    private static String scheme(HttpServerExchange exchange) {
        if (exchange.getConnection() instanceof HttpServerConnection http) {
            return http.getSslSession() == null ? "http" : "https";
        }
        return exchange.getRequestScheme();
    }

    HttpHandler rootHandler() {
        return rootHandler;
    }

    OptionMap options() {
        return options;
    }

    long maxEntityBytes() {
        return options.get(UndertowOptions.MAX_ENTITY_SIZE, UndertowOptions.DEFAULT_MAX_ENTITY_SIZE);
    }

    ByteBufferPool pool() {
        return pool;
    }

    int bufferSize() {
        return bufferSize;
    }

    XnioIoThread ioThread() {
        return ioThread;
    }

    ItemWorker worker() {
        return worker;
    }

    SocketAddress peer() {
        return peer;
    }

    SocketAddress local() {
        return local;
    }

    /** As ALPN names it: {@code http/1.1}, {@code h2}. */
    String transport() {
        return transport;
    }

    boolean isHttp2() {
        return protocol.equals(Protocols.HTTP_2_0);
    }

    HttpString protocol() {
        return protocol;
    }

    String scheme() {
        return scheme;
    }

    @Nullable
    SSLSessionInfo tls() {
        return tls;
    }
}
