package io.multistatus.equivalence.app;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Non-blocking reading and writing. */
final class NonBlockingHandlers {
    private NonBlockingHandlers() {}

    static void addTo(Routes routes) {
        routes.add("/nio/mirror", (request, response) -> {
            response.setContentType("application/octet-stream");
            AsyncContext context = request.startAsync();
            request.getInputStream().setReadListener(new Mirror(context, request));
        });
        routes.add("/nio/write", (request, response) -> {
            response.setContentType("text/plain");
            AsyncContext context = request.startAsync();
            byte[] body = "written without blocking, ".repeat(2_000).getBytes(StandardCharsets.US_ASCII);
            response.getOutputStream()
                    .setWriteListener(
                            new Writer(request.getServletContext(), context, response.getOutputStream(), body));
        });
        routes.add("/nio/write-off-thread", (request, response) -> {
            response.setContentType("text/plain");
            AsyncContext context = request.startAsync();
            ServletOutputStream out = response.getOutputStream();
            byte[] body = "the listener was set by another thread".getBytes(StandardCharsets.US_ASCII);
            Writer writer = new Writer(request.getServletContext(), context, out, body);
            routes.threads().execute(() -> out.setWriteListener(writer));
        });
        routes.add("/nio/read-off-thread", (request, response) -> {
            response.setContentType("application/octet-stream");
            AsyncContext context = request.startAsync();
            ServletInputStream in = request.getInputStream();
            Mirror mirror = new Mirror(context, request);
            routes.threads().execute(() -> in.setReadListener(mirror));
        });
        routes.add("/nio/throws", (request, response) -> {
            AsyncContext context = request.startAsync();
            request.getInputStream().setReadListener(new Mirror(context, request) {
                @Override
                public void onAllDataRead() {
                    throw new IllegalStateException("thrown by the read listener");
                }
            });
        });
    }

    /** Reads all, then writes it back. */
    private static class Mirror implements ReadListener {
        private final ServletContext log;
        private final AsyncContext context;
        private final ServletInputStream in;
        private final ByteArrayOutputStream read = new ByteArrayOutputStream();

        Mirror(AsyncContext context, HttpServletRequest request) throws IOException {
            this.log = request.getServletContext();
            this.context = context;
            this.in = request.getInputStream();
        }

        @Override
        public void onDataAvailable() throws IOException {
            byte[] buffer = new byte[512];
            while (in.isReady() && !in.isFinished()) {
                int count = in.read(buffer);
                if (count > 0) {
                    read.write(buffer, 0, count);
                }
            }
        }

        @Override
        public void onAllDataRead() throws IOException {
            ServletOutputStream out = context.getResponse().getOutputStream();
            out.setWriteListener(new Writer(log, context, out, read.toByteArray()));
        }

        @Override
        public void onError(Throwable failure) {
            failed(log, context, failure);
        }
    }

    /** Writes in pieces, as far as it may each time. */
    private static final class Writer implements WriteListener {
        private final ServletContext log;
        private final AsyncContext context;
        private final ServletOutputStream out;
        private final byte[] body;
        private int written;

        Writer(ServletContext log, AsyncContext context, ServletOutputStream out, byte[] body) {
            this.log = log;
            this.context = context;
            this.out = out;
            this.body = body;
        }

        @Override
        public void onWritePossible() throws IOException {
            while (out.isReady()) {
                if (written == body.length) {
                    context.complete();
                    return;
                }
                int count = Math.min(700, body.length - written);
                out.write(body, written, count);
                written += count;
            }
        }

        @Override
        public void onError(Throwable failure) {
            failed(log, context, failure);
        }
    }

    /**
     * Logs to a servlet context that was asked for while the handler ran: in Jetty's ee8 and ee9, the request tells
     * listeners of none.
     */
    private static void failed(ServletContext log, AsyncContext context, Throwable failure) {
        log.log("non-blocking I/O failed", failure);
        context.complete();
    }
}
