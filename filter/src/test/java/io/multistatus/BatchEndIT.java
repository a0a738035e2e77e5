package io.multistatus;

import static io.multistatus.support.Envelopes.gets;
import static io.multistatus.support.Envelopes.statuses;
import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.support.TestServer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Filter;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every batch ends, and gives back what it held, whatever the filters in front and the clients do. */
@Timeout(60)
class BatchEndIT {
    private static final int BATCH_BYTES = 1000;

    @Test
    void aFilterInFrontThatHasStartedAsyncGetsTheAnswerOutToo() throws Exception {
        Filter front = (request, response, chain) -> {
            AsyncContext async = request.startAsync();
            try {
                chain.doFilter(request, response);
            } finally {
                async.complete();
            }
        };
        try (TestServer server = TestServer.create()
                .filter(onBatches(front), true)
                .batch()
                .servlet("/async", (request, response) -> later(request, response, "done"))
                .start()) {
            HttpResponse<String> response = server.post(gets("/async", "/async"));

            assertThat(statuses(response)).containsExactly(200, 200);
        }
    }

    @Test
    void aResponseThatFailsWithAnErrorInTheAsyncEndIsA500AndNoSilence() throws Exception {
        Filter front = (request, response, chain) ->
                chain.doFilter(request, new HttpServletResponseWrapper((HttpServletResponse) response) {
                    @Override
                    public ServletOutputStream getOutputStream() {
                        throw new NoClassDefFoundError("com/example/Encoder");
                    }
                });
        try (TestServer server = TestServer.create()
                .filter(onBatches(front), true)
                .batch()
                .servlet("/async", (request, response) -> later(request, response, "done"))
                .start()) {
            assertThat(server.post(gets("/async")).statusCode()).isEqualTo(500);
        }
    }

    @Test
    void anErrorWhileABatchIsReadTakesNoRoomFromOthers() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        Filter front = (request, response, chain) -> chain.doFilter(
                broken.get() ? new BrokenRequest((HttpServletRequest) request, BATCH_BYTES / 2) : request, response);
        try (TestServer server = TestServer.create()
                .filter(onBatches(front), true)
                .batch(config -> config.maxBatchBytes(BATCH_BYTES)
                        .maxEnvelopeBytes(BATCH_BYTES)
                        .maxBufferedBytes(2 * BATCH_BYTES))
                .json("/ok", 200, "1")
                .start()) {
            String batch = gets("/ok?" + "x".repeat(BATCH_BYTES - 100));
            for (int i = 0; i < 10; i++) {
                assertThat(server.post(batch).statusCode()).isEqualTo(500);
            }
            broken.set(false);

            assertThat(server.post(batch).statusCode()).isEqualTo(207);
        }
    }

    /** The filter for the batches themselves; their items pass it by. */
    private static Filter onBatches(Filter filter) {
        return (request, response, chain) -> {
            if (((HttpServletRequest) request).getRequestURI().equals("/batch")) {
                filter.doFilter(request, response, chain);
            } else {
                chain.doFilter(request, response);
            }
        };
    }

    private static void later(HttpServletRequest request, HttpServletResponse response, String text) {
        AsyncContext async = request.startAsync();
        CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS).execute(() -> {
            try {
                response.getWriter().print(text);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            } finally {
                async.complete();
            }
        });
    }

    /** Its body ends with an Error, as that of a wrapper that runs out of stack. */
    private static final class BrokenRequest extends HttpServletRequestWrapper {
        private final int bytes;

        BrokenRequest(HttpServletRequest request, int bytes) {
            super(request);
            this.bytes = bytes;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            ServletInputStream body = super.getInputStream();
            return new ServletInputStream() {
                private int left = bytes;

                @Override
                public int read() throws IOException {
                    if (left-- == 0) {
                        throw new StackOverflowError("in a wrapper");
                    }
                    return body.read();
                }

                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    target[offset] = (byte) read();
                    return 1;
                }

                @Override
                public boolean isFinished() {
                    return body.isFinished();
                }

                @Override
                public boolean isReady() {
                    return body.isReady();
                }

                @Override
                public void setReadListener(ReadListener listener) {
                    throw new UnsupportedOperationException("not needed here");
                }
            };
        }
    }
}
