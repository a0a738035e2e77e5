package io.multistatus.equivalence.app;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Asynchronous processing: completed here and there, dispatched on, timed out, failed. */
final class AsyncHandlers {
    private static final long WAY_OUT_MILLIS = 50;
    private static final long TIMEOUT_MILLIS = 150;

    private final ScheduledExecutorService threads;

    private AsyncHandlers(ScheduledExecutorService threads) {
        this.threads = threads;
    }

    static void addTo(Routes routes) {
        AsyncHandlers async = new AsyncHandlers(routes.threads());
        routes.add("/async/complete-here", (request, response) -> {
            AsyncContext context = request.startAsync();
            text(context, "completed on the same thread");
            context.complete();
        });
        routes.add("/async/complete", async::complete);
        routes.add("/async/complete-twice", async::completeTwice);
        routes.add("/async/start", (request, response) -> {
            AsyncContext context = request.startAsync();
            context.start(() -> {
                text(context, "ran by AsyncContext.start");
                context.complete();
            });
        });
        routes.add("/async/start-throws", (request, response) -> {
            AsyncContext context = request.startAsync();
            context.setTimeout(TIMEOUT_MILLIS);
            context.start(() -> {
                throw new IllegalStateException("thrown by what AsyncContext.start ran");
            });
        });
        routes.add("/async/dispatch", async::dispatch);
        routes.add("/async/dispatch-to", (request, response) -> {
            AsyncContext context = request.startAsync();
            async.threads.execute(() -> context.dispatch(request.getParameter("to")));
        });
        routes.add("/async/dispatch-twice", async::dispatchTwice);
        routes.add("/async/target", AsyncHandlers::target);
        routes.add("/async/timeout", (request, response) -> request.startAsync().setTimeout(TIMEOUT_MILLIS));
        routes.add("/async/timeout-answered", (request, response) -> {
            AsyncContext context = request.startAsync();
            context.setTimeout(TIMEOUT_MILLIS);
            context.addListener(new Listener() {
                @Override
                public void onTimeout(AsyncEvent event) {
                    ((HttpServletResponse) event.getAsyncContext().getResponse()).setStatus(503);
                    text(event.getAsyncContext(), "timed out, says the listener");
                    event.getAsyncContext().complete();
                }
            });
        });
        routes.add("/async/timeout-dispatched", (request, response) -> {
            AsyncContext context = request.startAsync();
            context.setTimeout(TIMEOUT_MILLIS);
            context.addListener(new Listener() {
                @Override
                public void onTimeout(AsyncEvent event) {
                    event.getAsyncContext().dispatch("/async/target?after=timeout");
                }
            });
        });
        routes.add("/async/timeout-after-flush", (request, response) -> {
            AsyncContext context = request.startAsync();
            context.setTimeout(TIMEOUT_MILLIS);
            text(context, "the first half");
            response.flushBuffer();
        });
        routes.add("/async/throw", (request, response) -> {
            request.startAsync().setTimeout(TIMEOUT_MILLIS);
            throw new IllegalStateException("thrown after startAsync");
        });
        routes.add("/async/throw-answered", (request, response) -> {
            AsyncContext context = request.startAsync();
            context.addListener(new Listener() {
                @Override
                public void onError(AsyncEvent event) {
                    ((HttpServletResponse) event.getAsyncContext().getResponse()).setStatus(418);
                    text(event.getAsyncContext(), "failed, says the listener: " + event.getThrowable());
                    event.getAsyncContext().complete();
                }
            });
            throw new IllegalStateException("thrown after startAsync");
        });
        routes.add("/async/dispatch-throws", (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.ASYNC) {
                throw new IllegalStateException("thrown by the async dispatch");
            }
            request.startAsync().dispatch();
        });
        routes.add("/async/send-error", (request, response) -> {
            AsyncContext context = request.startAsync();
            async.later(() -> {
                try {
                    ((HttpServletResponse) context.getResponse()).sendError(409, "found out later");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } finally {
                    context.complete();
                }
            });
        });
        routes.add("/async/wrapped", (request, response) -> {
            AsyncContext context = request.startAsync(request, response);
            text(context, "original: " + context.hasOriginalRequestAndResponse());
            context.complete();
        });
        routes.add("/async/unsupported", (request, response) -> request.startAsync())
                .setAsyncSupported(false);
    }

    /**
     * Runs when the handler's thread has most likely left the container: Tomcat looks for an error on the way out, and may see
     * one that another thread is about to set before its message is there, alone on the wire and as an item alike.
     */
    private void later(Runnable task) {
        ScheduledFuture<?> unused = threads.schedule(task, WAY_OUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Completes after {@code ?delay} milliseconds, on a thread of the app's. */
    private void complete(HttpServletRequest request, HttpServletResponse response) {
        long delayMillis = Long.parseLong(request.getParameter("delay"));
        AsyncContext context = request.startAsync();
        ScheduledFuture<?> unused = threads.schedule(
                () -> {
                    text(context, "completed by another thread");
                    context.complete();
                },
                delayMillis,
                TimeUnit.MILLISECONDS);
    }

    private void completeTwice(HttpServletRequest request, HttpServletResponse response) {
        AsyncContext context = request.startAsync();
        text(context, "completed twice");
        context.complete();
        context.complete();
    }

    private void dispatch(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getDispatcherType() == DispatcherType.ASYNC) {
            target(request, response);
            return;
        }
        AsyncContext context = request.startAsync();
        threads.execute(() -> {
            request.setAttribute("set.between", "yes");
            context.dispatch();
        });
    }

    private void dispatchTwice(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Object round = request.getAttribute("round");
        if ("second".equals(round)) {
            target(request, response);
            return;
        }
        request.setAttribute("round", round == null ? "first" : "second");
        AsyncContext context = request.startAsync();
        threads.execute(context::dispatch);
    }

    private static void target(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain");
        response.getWriter()
                .print("dispatched as " + request.getDispatcherType()
                        + "\nuri " + request.getRequestURI()
                        + "\nquery " + request.getQueryString()
                        + "\nparameter a " + request.getParameter("a")
                        + "\nset between " + request.getAttribute("set.between")
                        + "\noriginal uri " + request.getAttribute(AsyncContext.ASYNC_REQUEST_URI)
                        + "\noriginal query " + request.getAttribute(AsyncContext.ASYNC_QUERY_STRING)
                        + "\nservlet path " + request.getServletPath());
    }

    private static void text(AsyncContext context, String text) {
        try {
            context.getResponse().setContentType("text/plain");
            context.getResponse().getWriter().print(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A listener that lets everything happen. */
    private abstract static class Listener implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }
}
