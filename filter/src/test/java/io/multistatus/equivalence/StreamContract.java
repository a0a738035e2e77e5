package io.multistatus.equivalence;

import io.multistatus.BatchConfig;
import io.multistatus.event.BatchEvent;
import io.multistatus.event.BatchListener;
import io.multistatus.event.ItemEvent;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import io.multistatus.support.Envelopes;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A host whose batches are streamed, and clients that read them as they please. */
abstract class StreamContract {
    static final String NDJSON = "application/x-ndjson";
    static final int KIB = 1024;
    static final int MIB = KIB * KIB;
    static final int PATIENCE_SECONDS = 60;
    static final int ITEMS = 1_000;

    final CountDownLatch release = new CountDownLatch(1);
    final AtomicInteger handled = new AtomicInteger();
    final Observer observer = new Observer();

    @Nullable
    HandlerHost host;

    /** What listeners are told. */
    static final class Observer implements BatchListener {
        final CountDownLatch ended = new CountDownLatch(1);
        final List<String> problems = Collections.synchronizedList(new ArrayList<>());
        volatile CountDownLatch heldUp = new CountDownLatch(0);

        @Override
        public void itemFailed(ItemEvent item, Subresponse response) {
            awaitHeldUp();
        }

        private void awaitHeldUp() {
            try {
                heldUp.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void itemEnded(ItemEvent item, Subresponse response, Duration duration) {
            Problem problem = response.problem();
            if (problem != null) {
                problems.add(problem.type());
            }
        }

        @Override
        public void batchEnded(BatchEvent batch, Summary summary, Duration duration) {
            awaitHeldUp();
            ended.countDown();
        }
    }

    /** As many an app has one in front of everything. */
    static final class WrappingFilter implements Filter {
        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            chain.doFilter(request, new HttpServletResponseWrapper((HttpServletResponse) response));
        }
    }

    HandlerHost start(long maxEnvelopeBytes, int bodyBytes, Filter... inFront) throws IOException {
        BatchConfig config = BatchConfig.builder()
                .maxEnvelopeBytes(maxEnvelopeBytes)
                .maxResponseBytes(MIB)
                .listener(observer)
                .build();
        return start(config, bodyBytes, inFront);
    }

    HandlerHost start(BatchConfig config, int bodyBytes, Filter... inFront) throws IOException {
        byte[] body = new byte[bodyBytes];
        HandlerHost started = HandlerHost.start(
                config,
                Map.of(
                        "late",
                        (request, response) -> {
                            release.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                            handled.incrementAndGet();
                        },
                        "bytes",
                        (request, response) -> {
                            handled.incrementAndGet();
                            response.setContentType("application/octet-stream");
                            response.setHeader("Set-Cookie", "a=b");
                            response.getOutputStream().write(body);
                        },
                        "sized",
                        (request, response) -> {
                            int length = Integer.parseInt(request.getPathInfo().substring(1));
                            response.setContentType("text/plain");
                            response.getOutputStream().write("x".repeat(length).getBytes(StandardCharsets.US_ASCII));
                        },
                        "lines",
                        (request, response) -> {
                            response.setContentType("application/json");
                            response.getWriter().write("{\n \"a\" :\r\n[1]\n}");
                        }),
                inFront);
        host = started;
        return started;
    }

    @AfterEach
    void stop() throws IOException {
        release.countDown();
        if (host != null) {
            host.close();
        }
    }

    static HttpRequest.Builder post(HandlerHost host, String accept, String batch) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + host.port() + "/app/batch"))
                .timeout(Duration.ofSeconds(PATIENCE_SECONDS))
                .header("Content-Type", "application/json")
                .header("Accept", accept)
                .POST(HttpRequest.BodyPublishers.ofString(batch));
    }

    static HttpResponse<Stream<String>> lines(HttpRequest.Builder request) throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        return client.send(request.build(), HttpResponse.BodyHandlers.ofLines());
    }

    /** A client that takes little before it reads: HTTP/1.0, whose body ends with the connection. */
    static final class SlowClient implements AutoCloseable {
        private final Socket socket = new Socket();
        final BufferedReader lines;

        SlowClient(HandlerHost host, String batch) throws IOException {
            socket.setSoTimeout(PATIENCE_SECONDS * 1_000);
            socket.setReceiveBufferSize(32 * KIB);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), host.port()));
            socket.getOutputStream()
                    .write(("POST /app/batch HTTP/1.0\r\nHost: x\r\nContent-Type: application/json\r\nAccept: " + NDJSON
                                    + "\r\nContent-Length: " + batch.length() + "\r\n\r\n" + batch)
                            .getBytes(StandardCharsets.US_ASCII));
            lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        void skipHead() throws IOException {
            while (!lines.readLine().isEmpty()) {
                // One more field.
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    static String batch(int late, int items) {
        String[] urls = new String[items];
        for (int i = 0; i < items; i++) {
            urls[i] = i == late ? "/app/late" : "/app/bytes/" + i;
        }
        return Envelopes.gets(urls);
    }
}
