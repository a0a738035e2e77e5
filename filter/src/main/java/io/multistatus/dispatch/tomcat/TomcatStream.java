package io.multistatus.dispatch.tomcat;

import io.multistatus.dispatch.Exchange;
import io.multistatus.dispatch.ResponseSink;
import io.multistatus.model.WireRequest;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletConnection;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.coyote.AbstractProcessor;
import org.apache.coyote.ActionCode;
import org.apache.coyote.ContinueResponseTiming;
import org.apache.coyote.ErrorState;
import org.apache.coyote.Request;
import org.apache.coyote.UpgradeToken;
import org.apache.coyote.http11.HeadersTooLargeException;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;
import org.apache.tomcat.util.buf.ByteChunk;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.DispatchType;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * One item as Tomcat's processors see a request: what HTTP/2's is without HTTP/2, and with what HTTP/1.1's does to
 * requests and answers.
 *
 * <pre>
 *   start ──► [handling] ──► over
 *               │    ▲
 *          async│    │complete, dispatch, timeout, I/O event, cancel
 *               ▼    │
 *              waiting
 * </pre>
 *
 * <p>Whoever handles an event holds the lock, for as long as the host's handler runs.
 */
final class TomcatStream extends AbstractProcessor implements Exchange {
    private static final Log LOG = LogFactory.getLog(TomcatStream.class);

    private final TomcatDispatcher dispatcher;
    private final WireRequest source;
    private final RequestBody requestBody;
    private final ResponseBody responseBody;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Throwable cancellation;

    // All below: guarded by the lock.
    private boolean over;

    TomcatStream(TomcatDispatcher dispatcher, Request request, WireRequest source, ResponseSink sink) {
        super(dispatcher.protocol().getAdapter(), request, request.getResponse());
        this.dispatcher = dispatcher;
        this.source = source;
        requestBody = new RequestBody(source.body());
        responseBody = new ResponseBody(response, sink);
        request.setInputBuffer(requestBody);
        response.setOutputBuffer(responseBody);
        // Or static files would be left to a socket that is not there.
        request.setSendfile(false);
        setSslSupport(dispatcher.connection().tls());
    }

    /** Runs the first stretch of the item. */
    void start() {
        handle(SocketEvent.OPEN_READ);
    }

    private void handle(SocketEvent event) {
        lock.lock();
        try {
            step(event);
        } finally {
            lock.unlock();
        }
        // T1 has been handling, T2 has cancelled and not got the lock: T1 sees it here.
        if (cancellation != null) {
            abandon();
        }
    }

    private void step(SocketEvent event) {
        if (over || (event == SocketEvent.TIMEOUT && !(isAsync() && checkAsyncTimeoutGeneration()))) {
            return;
        }
        dispatcher.protocol().removeWaitingProcessor(this);
        Throwable failure = null;
        SocketState state = SocketState.CLOSED;
        try {
            state = process(null, event);
        } catch (Throwable e) {
            failure = e;
        }
        if (state == SocketState.LONG) {
            dispatcher.protocol().addWaitingProcessor(this);
            return;
        }
        over = true;
        if (failure == null && request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable error) {
            failure = error;
        }
        getAdapter().checkRecycled(request, response);
        recycle();
        responseBody.close(failure);
    }

    @Override
    public void cancel(Throwable cause) {
        cancellation = cause;
        abandon();
    }

    /** A client has gone away. If a handler is running, its thread will see to that when it comes back. */
    private void abandon() {
        if (lock.tryLock()) {
            try {
                if (!over) {
                    request.setAttribute(RequestDispatcher.ERROR_EXCEPTION, cancellation);
                    step(SocketEvent.ERROR);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    @Override
    protected SocketState service(@Nullable SocketWrapperBase<?> socket) {
        readHead();
        try {
            getAdapter().service(request, response);
        } catch (InterruptedIOException e) {
            setErrorState(ErrorState.CLOSE_CONNECTION_NOW, e);
        } catch (HeadersTooLargeException e) {
            refuseHeader(e);
        } catch (Exception e) {
            LOG.error("An item of a batch has failed outside its handler", e);
            response.setStatus(500);
            setErrorState(ErrorState.CLOSE_CLEAN, e);
            getAdapter().log(request, response, 0);
        }
        boolean async = isAsync();
        if (!async) {
            endRequest();
        }
        if (!async || getErrorState().isError()) {
            request.updateCounters();
        }
        return async && !getErrorState().isError() ? SocketState.LONG : SocketState.CLOSED;
    }

    private void readHead() {
        SinceServlet6.markStart(request);
        dispatcher.connection().describeTo(request);
        try {
            dispatcher.requestHead().read(source, request);
        } catch (IllegalArgumentException | IllegalStateException e) {
            refuse(e);
        }
        if (!request.requestURI().isNull() && !dispatcher.requestHead().isPathValid(source)) {
            refuse(null);
        }
        try {
            parseHost(host());
        } catch (IllegalArgumentException e) {
            refuse(null);
        }
    }

    private @Nullable MessageBytes host() {
        MessageBytes field = request.getMimeHeaders().getUniqueValue("host");
        if (field != null || !dispatcher.connection().isHttp2()) {
            return field;
        }
        String authority = source.headers().first("Host").orElse(null);
        if (authority == null) {
            return null;
        }
        byte[] bytes = authority.getBytes(StandardCharsets.ISO_8859_1);
        MessageBytes host = MessageBytes.newInstance();
        host.setBytes(bytes, 0, bytes.length);
        return host;
    }

    /** With an error set, Tomcat shows the request to nobody but to what makes the error page. */
    private void refuse(@Nullable Exception cause) {
        response.setStatus(400);
        setErrorState(ErrorState.CLOSE_CLEAN, cause);
    }

    private void refuseHeader(HeadersTooLargeException cause) {
        if (response.isCommitted()) {
            setErrorState(ErrorState.CLOSE_NOW, cause);
        } else {
            response.reset();
            response.setStatus(500);
            setErrorState(ErrorState.CLOSE_CLEAN, cause);
        }
    }

    private void endRequest() {
        if (getErrorState().isIoAllowed()) {
            action(ActionCode.CLOSE, null);
        }
    }

    @Override
    protected SocketState dispatchEndRequest() {
        endRequest();
        return SocketState.CLOSED;
    }

    @Override
    protected void prepareResponse() {
        ResponseHead head = ResponseHead.of(request, source.method().equals("HEAD"), response, dispatcher.protocol());
        response.setCommitted(true);
        responseBody.begin(head);
    }

    @Override
    protected void finishResponse() {
        responseBody.end();
    }

    @Override
    protected void setSwallowResponse() {
        responseBody.cutOff();
    }

    @Override
    protected void flush() {}

    @Override
    protected boolean isReadyForWrite() {
        return true;
    }

    @Override
    protected boolean flushBufferedWrite() {
        return false;
    }

    /** Nobody has asked whether to go on. */
    @Override
    protected void ack(ContinueResponseTiming timing) {}

    /** Interim answers are not passed on. Part of Tomcat from 10.1.2x on. */
    @Override
    protected void earlyHints() {}

    @Override
    protected int available(boolean doRead) {
        return requestBody.available();
    }

    @Override
    protected boolean isRequestBodyFullyRead() {
        return requestBody.available() == 0;
    }

    /** All there is to read is there. */
    @Override
    protected void registerReadInterest() {}

    @Override
    protected void setRequestBody(ByteChunk body) {
        requestBody.replaceBy(ByteBuffer.wrap(body.getBytes(), body.getStart(), body.getLength()));
        request.setContentLength(body.getLength());
    }

    @Override
    protected void disableSwallowRequest() {}

    /** There is no connection to hand over: as if the client went away once it has its 101. HTTP/2 has no upgrades. */
    @Override
    protected void doHttpUpgrade(UpgradeToken token) {
        if (dispatcher.connection().isHttp2()) {
            super.doHttpUpgrade(token);
        }
    }

    @Override
    protected boolean isTrailerFieldsReady() {
        return true;
    }

    @Override
    protected boolean isTrailerFieldsSupported() {
        return dispatcher.connection().isHttp11() || dispatcher.connection().isHttp2();
    }

    @Override
    protected boolean getPopulateRequestAttributesFromSocket() {
        return false;
    }

    @Override
    protected void populatePort() {
        request.setServerPort(request.getLocalPort());
    }

    @Override
    protected @Nullable ServletConnection getServletConnection() {
        return (ServletConnection) dispatcher.connection().servletConnection();
    }

    @Override
    protected void processSocketEvent(SocketEvent event, boolean dispatch) {
        if (dispatch) {
            execute(() -> handle(event));
        } else {
            handle(event);
        }
    }

    @Override
    protected void execute(Runnable task) {
        dispatcher.executor().execute(task);
    }

    @Override
    protected void executeDispatches() {
        Iterator<DispatchType> dispatches = getIteratorAndClearDispatches();
        while (dispatches != null && dispatches.hasNext()) {
            processSocketEvent(dispatches.next().getSocketStatus(), true);
        }
    }

    @Override
    protected Log getLog() {
        return LOG;
    }

    @Override
    public void pause() {}
}
