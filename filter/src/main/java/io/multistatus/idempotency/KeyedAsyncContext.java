package io.multistatus.idempotency;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;

/** Ends the exchange before the container ends the response. */
final class KeyedAsyncContext implements AsyncContext {
    private final AsyncContext context;
    private final KeyedExchange exchange;

    KeyedAsyncContext(AsyncContext context, KeyedExchange exchange) {
        this.context = context;
        this.exchange = exchange;
    }

    @Override
    public void complete() {
        try {
            exchange.complete();
        } finally {
            context.complete();
        }
    }

    @Override
    public void addListener(AsyncListener listener) {
        context.addListener(new Listener(listener));
    }

    @Override
    public void addListener(AsyncListener listener, ServletRequest request, ServletResponse response) {
        context.addListener(new Listener(listener), request, response);
    }

    @Override
    public ServletRequest getRequest() {
        return context.getRequest();
    }

    @Override
    public ServletResponse getResponse() {
        return context.getResponse();
    }

    @Override
    public boolean hasOriginalRequestAndResponse() {
        return context.hasOriginalRequestAndResponse();
    }

    @Override
    public void dispatch() {
        exchange.response().attended(false);
        context.dispatch();
    }

    @Override
    public void dispatch(String path) {
        exchange.response().attended(false);
        context.dispatch(path);
    }

    @Override
    public void dispatch(ServletContext servletContext, String path) {
        exchange.response().attended(false);
        context.dispatch(servletContext, path);
    }

    @Override
    public void start(Runnable run) {
        context.start(run);
    }

    @Override
    public <T extends AsyncListener> T createListener(Class<T> type) throws ServletException {
        return context.createListener(type);
    }

    @Override
    public void setTimeout(long timeout) {
        context.setTimeout(timeout);
    }

    @Override
    public long getTimeout() {
        return context.getTimeout();
    }

    /** An app's listener, which may complete the request by the event that it is given. */
    private final class Listener implements AsyncListener {
        private final AsyncListener target;

        Listener(AsyncListener target) {
            this.target = target;
        }

        private AsyncEvent event(AsyncEvent event) {
            return new AsyncEvent(
                    KeyedAsyncContext.this,
                    event.getSuppliedRequest(),
                    event.getSuppliedResponse(),
                    event.getThrowable());
        }

        @Override
        public void onComplete(AsyncEvent event) throws IOException {
            target.onComplete(event(event));
        }

        @Override
        public void onTimeout(AsyncEvent event) throws IOException {
            target.onTimeout(event(event));
        }

        @Override
        public void onError(AsyncEvent event) throws IOException {
            target.onError(event(event));
        }

        @Override
        public void onStartAsync(AsyncEvent event) throws IOException {
            target.onStartAsync(event(event));
        }
    }
}
