package io.multistatus;

import static io.multistatus.support.Envelopes.batch;
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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
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

    @Test
    void clientsThatDoNotReadTheirAnswersHoldNoThreadThatRunsItems() throws Exception {
        int threads = 2;
        CountDownLatch answered = new CountDownLatch(threads + 1);
        Filter wrapping = (request, response, chain) ->
                chain.doFilter(request, new HttpServletResponseWrapper((HttpServletResponse) response));
        String batch = batch(
                "{\"id\":\"a\",\"method\":\"GET\",\"url\":\"/async\"}",
                "{\"id\":\"b\",\"method\":\"GET\",\"url\":\"/large\",\"dependsOn\":[\"a\"]}");
        List<Socket> clients = new ArrayList<>();
        try (TestServer server = TestServer.create()
                .filter(onBatches(wrapping), true)
                .batch(config -> config.threads(threads).virtualThreads(false).batchTimeout(Duration.ofSeconds(8)))
                .servlet("/async", (request, response) -> later(request, response, ""))
                .servlet("/large", (request, response) -> {
                    response.getOutputStream().write(new byte[4_000_000]);
                    answered.countDown();
                })
                .start()) {
            for (int i = 0; i <= threads; i++) {
                clients.add(postWithoutReading(server, batch));
            }
            assertThat(answered.await(30, TimeUnit.SECONDS)).isTrue();

            assertThat(statuses(server.post(batch))).containsExactly(200, 200);
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private static Socket postWithoutReading(TestServer server, String batch) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(2048);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        String request = "POST /batch HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
                + batch.length() + "\r\n\r\n" + batch;
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
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
                    body.setReadListener(listener);
                }
            };
        }
    }
}
