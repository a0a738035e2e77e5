package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Answers that reach their client while the rest of the batch is at work. */
@Tag("container")
@Tag("equivalence")
class StreamedAnswerIT {
    private static final String NDJSON = "application/x-ndjson";
    private static final int KIB = 1024;
    private static final int MIB = KIB * KIB;
    private static final int PATIENCE_SECONDS = 60;
    private static final int ITEMS = 1_000;

    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger handled = new AtomicInteger();
    private final Observer observer = new Observer();
    private @Nullable HandlerHost host;

    /** What listeners are told. */
    private static final class Observer implements BatchListener {
        private final CountDownLatch ended = new CountDownLatch(1);
        private final List<String> problems = Collections.synchronizedList(new ArrayList<>());
        private volatile CountDownLatch heldUp = new CountDownLatch(0);

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
    private static final class WrappingFilter implements Filter {
        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            chain.doFilter(request, new HttpServletResponseWrapper((HttpServletResponse) response));
        }
    }

    /** Whoever would write to the client finds out that it has gone. */
    private static final class BreakingFilter implements Filter {
        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            chain.doFilter(request, new HttpServletResponseWrapper((HttpServletResponse) response) {
                @Override
                public void flushBuffer() throws IOException {
                    throw new IOException("Broken pipe");
                }
            });
        }
    }

    private HandlerHost start(long maxEnvelopeBytes, int bodyBytes, Filter... inFront) throws IOException {
        BatchConfig config = BatchConfig.builder()
                .maxEnvelopeBytes(maxEnvelopeBytes)
                .maxResponseBytes(MIB)
                .listener(observer)
                .build();
        return start(config, bodyBytes, inFront);
    }

    private HandlerHost start(BatchConfig config, int bodyBytes, Filter... inFront) throws IOException {
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

    private static HttpRequest.Builder post(HandlerHost host, String accept, String batch) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + host.port() + "/app/batch"))
                .timeout(Duration.ofSeconds(PATIENCE_SECONDS))
                .header("Content-Type", "application/json")
                .header("Accept", accept)
                .POST(HttpRequest.BodyPublishers.ofString(batch));
    }

    private static HttpResponse<Stream<String>> lines(HttpRequest.Builder request) throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        return client.send(request.build(), HttpResponse.BodyHandlers.ofLines());
    }

    /** A client that takes little before it reads: HTTP/1.0, whose body ends with the connection. */
    private static final class SlowClient implements AutoCloseable {
        private final Socket socket = new Socket();
        private final BufferedReader lines;

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

    private static String batch(int late, int items) {
        String[] urls = new String[items];
        for (int i = 0; i < items; i++) {
            urls[i] = i == late ? "/app/late" : "/app/bytes/" + i;
        }
        return Envelopes.gets(urls);
    }

    @Test
    void ninetyNineLinesArriveWhileOneItemIsAtWork() throws Exception {
        assertNinetyNineLinesBeforeTheLast(start(MIB, 3));
    }

    @Test
    void ninetyNineLinesArriveBehindAWrappedResponse() throws Exception {
        assertNinetyNineLinesBeforeTheLast(start(MIB, 3, new WrappingFilter()));
    }

    private void assertNinetyNineLinesBeforeTheLast(HandlerHost started) throws Exception {
        HttpResponse<Stream<String>> response = lines(post(started, NDJSON, batch(3, 100)));
        assertThat(response.statusCode()).isEqualTo(207);
        assertThat(response.headers().firstValue("Content-Type")).hasValue(NDJSON);
        assertThat(response.headers().firstValue("Batch-Summary")).isEmpty();
        Iterator<String> lines = response.body().iterator();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 99; i++) {
            JsonNode line = Envelopes.parse(lines.next());
            assertThat(line.path("status").asInt()).isEqualTo(200);
            assertThat(line.path("cookies").asText()).isEqualTo("dropped");
            ids.add(line.path("id").asText());
        }
        assertThat(ids).hasSize(99).doesNotContain("3");
        assertThat(handled).hasValue(99);

        release.countDown();
        assertThat(Envelopes.parse(lines.next()).path("id").asText()).isEqualTo("3");
        JsonNode last = Envelopes.parse(lines.next());
        assertThat(last.path("status").asInt()).isEqualTo(207);
        assertThat(last.path("summary").path("succeeded").asInt()).isEqualTo(100);
        assertThat(lines).isExhausted();
    }

    @Test
    void partsArriveWhileOneItemIsAtWork() throws Exception {
        HandlerHost started = start(MIB, 3);
        HttpResponse<Stream<String>> response = lines(post(started, "multipart/mixed; stream=1", batch(0, 3)));
        Iterator<String> lines = response.body().iterator();
        List<String> seen = new ArrayList<>();
        while (seen.stream().filter(line -> line.startsWith("Content-ID:")).count() < 2) {
            seen.add(lines.next());
        }
        assertThat(seen)
                .contains("Content-ID: response-1", "Content-ID: response-2", "Batch-Cookies: dropped")
                .doesNotContain("Content-ID: response-0");
        assertThat(handled.get()).isLessThan(3);
        release.countDown();
        lines.forEachRemaining(seen::add);
        assertThat(seen).contains("Content-ID: response-0");
        assertThat(seen.get(seen.size() - 1)).matches("--batch_[-0-9a-f]+--");
    }

    /** What cannot be told apart by a Content-ID. */
    @Test
    void partsWithoutANameSayTheirPlace() throws Exception {
        HandlerHost started = start(MIB, 3);
        String part = "--b\r\nContent-Type: application/http\r\n\r\nGET /app/bytes\r\n\r\n";
        HttpRequest.Builder request = post(started, "multipart/mixed;stream=1", part + part + "--b--")
                .setHeader("Content-Type", "multipart/mixed;boundary=b");
        assertThat(lines(request).body()).contains("Batch-Index: 0", "Batch-Index: 1");
        request.setHeader("Accept", NDJSON);
        List<Integer> places = lines(request)
                .body()
                .map(Envelopes::parse)
                .filter(line -> line.has("index"))
                .map(line -> line.path("index").asInt())
                .toList();
        assertThat(places).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void lineBreaksInBodiesBecomeSpaces() throws Exception {
        HandlerHost started = start(MIB, 3);
        List<String> lines = lines(post(started, NDJSON, Envelopes.gets("/app/lines")))
                .body()
                .toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).endsWith("\"body\":{  \"a\" :  [1] }}");
    }

    @Test
    void anEmptyBatchIsOneLine() throws Exception {
        HandlerHost started = start(MIB, 3);
        List<String> lines =
                lines(post(started, NDJSON, Envelopes.batch())).body().toList();
        assertThat(lines).hasSize(1);
        assertThat(lines.get(0)).startsWith("{\"status\":207,\"summary\":{\"total\":0");
    }

    @Test
    void aClientThatReadsSlowlyGetsAllAndHoldsUpNobody() throws Exception {
        assertThatASlowReaderGetsAll(start(4 * MIB, 256 * KIB));
    }

    @Test
    void aClientThatReadsSlowlyBehindAWrappedResponseGetsAll() throws Exception {
        assertThatASlowReaderGetsAll(start(4 * MIB, 256 * KIB, new WrappingFilter()));
    }

    private void assertThatASlowReaderGetsAll(HandlerHost started) throws Exception {
        try (SlowClient client = new SlowClient(started, batch(-1, 60))) {
            client.skipHead();
            // All that fits on the way is there, and no more begins.
            int before;
            do {
                before = handled.get();
                TimeUnit.MILLISECONDS.sleep(500);
            } while (handled.get() > before);
            assertThat(before).isLessThan(60);
            // Another client meanwhile.
            assertThat(lines(post(started, NDJSON, batch(-1, 2))).body()).hasSize(3);
            for (int i = 0; i < 60; i++) {
                assertThat(Envelopes.parse(client.lines.readLine())
                                .path("status")
                                .asInt())
                        .isEqualTo(200);
            }
            assertThat(client.lines.readLine()).contains("\"succeeded\":60");
            assertThat(client.lines.readLine()).isNull();
        }
    }

    /** Items get done all the while that the container says again and again that it takes more, or does not. */
    @Test
    void aClientThatReadsByFitsAndStartsGetsEachAnswerOnceAndWhole() throws Exception {
        HandlerHost started = start(
                BatchConfig.builder().maxRequests(ITEMS).listener(observer).build(), 3);
        Random random = new Random(20261126);
        int[] lengths = random.ints(ITEMS, 1, 24 * KIB).toArray();
        String batch = Envelopes.gets(
                IntStream.of(lengths).mapToObj(length -> "/app/sized/" + length).toArray(String[]::new));
        try (SlowClient client = new SlowClient(started, batch)) {
            client.skipHead();
            Set<Integer> ids = new HashSet<>();
            for (int i = 0; i < ITEMS; i++) {
                if (random.nextInt(20) == 0) {
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(20));
                }
                JsonNode line = Envelopes.parse(client.lines.readLine());
                int id = line.path("id").asInt();
                assertThat(ids.add(id)).isTrue();
                assertThat(line.path("body").asText()).hasSize(lengths[id]).containsOnlyOnce("x".repeat(lengths[id]));
            }
            assertThat(client.lines.readLine()).contains("\"succeeded\":" + ITEMS);
            assertThat(client.lines.readLine()).isNull();
        }
    }

    /** Whoever does not read must not make room for others to do the same, until there is none. */
    @Test
    void whatAClientHasNotTakenYetTakesUpRoom() throws Exception {
        HandlerHost started = start(
                BatchConfig.builder()
                        .maxBatchBytes(MIB)
                        .maxResponseBytes(13 * MIB)
                        .maxEnvelopeBytes(13 * MIB)
                        .maxBufferedBytes(20 * MIB)
                        .listener(observer)
                        .build(),
                12 * MIB);
        try (SlowClient client = new SlowClient(started, batch(-1, 1))) {
            client.skipHead();
            assertThat(observer.ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(lines(post(started, NDJSON, batch(-1, 1)))
                            .body()
                            .findFirst()
                            .orElseThrow())
                    .contains("\"status\":507");
            assertThat(Envelopes.parse(client.lines.readLine()).path("status").asInt())
                    .isEqualTo(200);
            assertThat(client.lines.readLine()).contains("\"succeeded\":1");
        }
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(lines(post(started, NDJSON, batch(-1, 1)))
                                        .body()
                                        .skip(1))
                                .containsExactly(
                                        "{\"status\":207,\"summary\":{\"total\":1,\"succeeded\":1,\"failed\":0,\"retryable\":[]}}"));
    }

    @Test
    void aClientDoesNotWaitForListeners() throws Exception {
        HandlerHost started = start(MIB, 3);
        observer.heldUp = new CountDownLatch(1);
        String batch = Envelopes.batch(
                "{\"id\":\"a\",\"method\":\"GET\",\"url\":\"/app/nowhere\"}",
                "{\"id\":\"b\",\"method\":\"GET\",\"url\":\"/app/bytes\",\"dependsOn\":[\"a\"]}");
        List<String> lines = lines(post(started, NDJSON, batch)).body().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).contains("\"status\":404");
        assertThat(lines.get(1)).contains("\"status\":424");
        assertThat(lines.get(2)).contains("\"failed\":2");
        observer.heldUp.countDown();
        assertThat(observer.ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatHasNotBegunWhenTheClientGoesAwayDoesNotBegin() throws Exception {
        assertThatNothingBeginsOnceTheClientHasGone(start(4 * MIB, 256 * KIB));
    }

    @Test
    void whatHasNotBegunWhenTheClientGoesAwayBehindAWrappedResponseDoesNotBegin() throws Exception {
        assertThatNothingBeginsOnceTheClientHasGone(start(4 * MIB, 256 * KIB, new WrappingFilter()));
    }

    @Test
    void aClientThatHasGoneBeforeTheHeadEndsTheBatchAsWell() throws Exception {
        HandlerHost started = start(MIB, 3, new BreakingFilter());
        assertThat(lines(post(started, NDJSON, batch(-1, 100))).body()).isEmpty();
        assertThat(observer.ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        // Who is slow to listen is not waited for at the end of a batch.
        await().untilAsserted(() -> assertThat(observer.problems)
                .hasSize(100 - handled.get())
                .allMatch(type -> type.endsWith("client-gone")));
    }

    private void assertThatNothingBeginsOnceTheClientHasGone(HandlerHost started) throws Exception {
        try (SlowClient client = new SlowClient(started, batch(-1, 60))) {
            client.skipHead();
            assertThat(client.lines.readLine()).isNotNull();
        }
        assertThat(observer.ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(handled.get()).isLessThan(60);
        await().untilAsserted(() -> assertThat(observer.problems)
                .hasSize(60 - handled.get())
                .allMatch(type -> type.toLowerCase(Locale.ROOT).endsWith("client-gone")));
        // Its room has been given back.
        assertThat(lines(post(started, NDJSON, batch(-1, 6))).body().toList().get(6))
                .contains("\"succeeded\":6");
    }
}
