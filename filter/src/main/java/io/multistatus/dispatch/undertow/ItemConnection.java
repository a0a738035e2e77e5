package io.multistatus.dispatch.undertow;

import io.multistatus.dispatch.Exchange;
import io.multistatus.dispatch.ResponseSink;
import io.multistatus.model.Headers;
import io.multistatus.model.WireRequest;
import io.undertow.UndertowOptions;
import io.undertow.conduits.FixedLengthStreamSourceConduit;
import io.undertow.connector.ByteBufferPool;
import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.HttpUpgradeListener;
import io.undertow.server.SSLSessionInfo;
import io.undertow.server.ServerConnection;
import io.undertow.server.XnioBufferPoolAdaptor;
import io.undertow.servlet.handlers.ServletRequestContext;
import io.undertow.servlet.spec.AsyncContextImpl;
import io.undertow.util.BadRequestException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.Option;
import org.xnio.OptionMap;
import org.xnio.Pool;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import org.xnio.channels.Configurable;
import org.xnio.channels.ConnectedChannel;
import org.xnio.conduits.ConduitStreamSinkChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.conduits.StreamSinkConduit;

/**
 * The connection that one item comes on, as Undertow sees it: beside that of the batch, with the same addresses and TLS
 * state, the way each stream of HTTP/2 has one. The body stands ready in memory, the answer goes to a
 * {@link ResponseSink}.
 *
 * <p>Undertow uses it from one thread at a time; {@link #close}, {@link #cut} and {@link #cancel} come at any time.
 */
final class ItemConnection extends ServerConnection implements Exchange {
    private final OuterConnection outer;
    private final HttpServerExchange exchange;
    private final ResponseSink responses;
    private final ItemResponse response;
    private final ConduitStreamSourceChannel source;
    private final ConduitStreamSinkChannel sink;
    private final List<CloseListener> closeListeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean open = new AtomicBoolean(true);
    private volatile @Nullable SSLSessionInfo tls;
    private volatile boolean exchangeIsOver;

    ItemConnection(OuterConnection outer, @Nullable ByteBuffer body, ResponseSink responses) {
        this.outer = outer;
        tls = outer.tls();
        this.responses = responses;
        response = new ItemResponse(responses);
        exchange = new HttpServerExchange(this, outer.maxEntityBytes());
        source = new ConduitStreamSourceChannel(Configurable.EMPTY, new ItemSource(this, body));
        sink = new ConduitStreamSinkChannel(Configurable.EMPTY, new ItemSink(this, exchange, response));
        if (body != null && body.hasRemaining()) {
            // Undertow's own, for it knows the limits on the size of bodies.
            source.setConduit(new FixedLengthStreamSourceConduit(
                    source.getConduit(), body.remaining(), read -> Connectors.terminateRequest(exchange), exchange));
        }
    }

    /**
     * Whether {@code connection} carries an item of a batch. Goes by the name of the class, because a batch filter of
     * another web app has loaded this class for itself.
     */
    static boolean carries(ServerConnection connection) {
        return connection.getClass().getName().equals(ItemConnection.class.getName());
    }

    /** Reads the request and has it handled: on this thread, until the handler returns. */
    void serve(WireRequest request, RequestParser parser) {
        try {
            parser.parse(RequestHead.of(request, outer.isHttp2()), outer.bufferSize(), exchange);
        } catch (BadRequestException e) {
            response.refuse(400, Headers.of("Content-Length", "0", "Connection", "close"));
            return;
        }
        exchange.setProtocol(outer.protocol());
        exchange.setRequestScheme(outer.scheme());
        exchange.setPersistent(true);
        if (outer.options().get(UndertowOptions.RECORD_REQUEST_START_TIME, false)) {
            Connectors.setRequestStartTime(exchange);
        }
        if (request.body() == null || !request.body().hasRemaining()) {
            Connectors.terminateRequest(exchange);
        }
        Connectors.executeRootHandler(this::handle, exchange);
    }

    /** A deployment with an executor of its own has its servlets run there. */
    private void handle(HttpServerExchange ofThis) throws Exception {
        outer.rootHandler().handleRequest(ofThis);
        Executor executor = ofThis.getDispatchExecutor();
        if (executor != null) {
            ofThis.setDispatchExecutor(task -> executor.execute(responses.handedOver(task)));
        }
    }

    @Override
    protected StreamSinkConduit getSinkConduit(HttpServerExchange ofThis, StreamSinkConduit conduit) {
        return ResponseFraming.frame(exchange, conduit);
    }

    @Override
    protected void exchangeComplete(HttpServerExchange ofThis) {
        exchangeIsOver = true;
        close();
    }

    @Override
    public void cancel(Throwable cause) {
        if (!response.hasEnded()) {
            cut(cause);
            tellAsyncListeners(cause);
        }
    }

    /**
     * Undertow itself would let them find out at their next write or timeout, and for a handler that waits for something
     * else without a timeout neither comes.
     */
    private void tellAsyncListeners(Throwable cause) {
        ServletRequestContext servlet = exchange.getAttachment(ServletRequestContext.ATTACHMENT_KEY);
        AsyncContextImpl async =
                servlet == null ? null : servlet.getOriginalRequest().getAsyncContextInternal();
        if (async != null && async.isInitialRequestDone() && !async.isDispatched()) {
            async.handleError(cause);
        }
    }

    @Override
    public void close() {
        cut(new IOException("Undertow has closed the connection before the answer was whole"));
    }

    /** Closes the connection on the host; does nothing if it is closed. */
    void cut(Throwable cause) {
        if (!open.compareAndSet(true, false)) {
            return;
        }
        response.abort(cause);
        for (CloseListener listener : closeListeners) {
            listener.closed(this);
        }
        if (!exchangeIsOver) {
            // As Undertow does it when a client goes away: whoever waits for the end of the exchange hears of it.
            exchange.endExchange();
        }
    }

    @Override
    public boolean isOpen() {
        return open.get();
    }

    @Override
    public void addCloseListener(CloseListener listener) {
        closeListeners.add(listener);
    }

    @Override
    protected ConduitStreamSinkChannel getSinkChannel() {
        return sink;
    }

    @Override
    protected ConduitStreamSourceChannel getSourceChannel() {
        return source;
    }

    @Override
    public void terminateRequestChannel(HttpServerExchange ofThis) {}

    @Override
    protected void maxEntitySizeUpdated(HttpServerExchange ofThis) {}

    @Override
    @SuppressWarnings("deprecation")
    public Pool<ByteBuffer> getBufferPool() {
        return new XnioBufferPoolAdaptor(outer.pool());
    }

    @Override
    public ByteBufferPool getByteBufferPool() {
        return outer.pool();
    }

    @Override
    public int getBufferSize() {
        return outer.bufferSize();
    }

    @Override
    public XnioWorker getWorker() {
        return outer.worker();
    }

    @Override
    public XnioIoThread getIoThread() {
        return outer.ioThread();
    }

    @Override
    public OptionMap getUndertowOptions() {
        return outer.options();
    }

    @Override
    public String getTransportProtocol() {
        return outer.transport();
    }

    @Override
    public SocketAddress getPeerAddress() {
        return outer.peer();
    }

    @Override
    public <A extends SocketAddress> @Nullable A getPeerAddress(Class<A> type) {
        return type.isInstance(outer.peer()) ? type.cast(outer.peer()) : null;
    }

    @Override
    public SocketAddress getLocalAddress() {
        return outer.local();
    }

    @Override
    public <A extends SocketAddress> @Nullable A getLocalAddress(Class<A> type) {
        return type.isInstance(outer.local()) ? type.cast(outer.local()) : null;
    }

    @Override
    public @Nullable SSLSessionInfo getSslSessionInfo() {
        return tls;
    }

    @Override
    public void setSslSessionInfo(@Nullable SSLSessionInfo info) {
        tls = info;
    }

    @Override
    public ChannelListener.Setter<? extends ConnectedChannel> getCloseSetter() {
        return (ChannelListener.Setter<ItemConnection>)
                listener -> closeListeners.add(connection -> ChannelListeners.invokeChannelListener(this, listener));
    }

    @Override
    public boolean supportsOption(Option<?> option) {
        return false;
    }

    @Override
    public <T> @Nullable T getOption(Option<T> option) {
        return null;
    }

    @Override
    public <T> @Nullable T setOption(Option<T> option, T value) {
        return null;
    }

    /** An item has a body already, so there is nobody to tell to go on. */
    @Override
    public boolean isContinueResponseSupported() {
        return false;
    }

    @Override
    public HttpServerExchange sendOutOfBandResponse(HttpServerExchange ofThis) {
        throw new IllegalStateException("an item of a batch has no interim responses");
    }

    @Override
    protected boolean isUpgradeSupported() {
        return false;
    }

    @Override
    protected boolean isConnectSupported() {
        return false;
    }

    @Override
    protected StreamConnection upgradeChannel() {
        throw new IllegalStateException("an item of a batch cannot be upgraded");
    }

    @Override
    protected void setUpgradeListener(HttpUpgradeListener listener) {
        throw new IllegalStateException("an item of a batch cannot be upgraded");
    }

    @Override
    protected void setConnectListener(HttpUpgradeListener listener) {}

    @Override
    public boolean isRequestTrailerFieldsSupported() {
        return false;
    }
}
