package io.multistatus;

import static io.multistatus.support.Envelopes.gets;
import static io.multistatus.support.Envelopes.item;
import static io.multistatus.support.Envelopes.statuses;
import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.support.Envelopes;
import io.multistatus.support.TestServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("container")
class LimitsIT {
    private static final int KIB = 1024;

    private final AtomicInteger calls = new AtomicInteger();
    private final BlockingQueue<Object> outcomes = new LinkedBlockingQueue<>();

    private TestServer server() {
        return TestServer.create()
                .batch(config -> config.maxRequests(3)
                        .maxBatchBytes(4 * KIB)
                        .maxResponseBytes(10 * KIB)
                        .maxEnvelopeBytes(25 * KIB)
                        .maxBufferedBytes(36 * KIB))
                .servlet("/bytes/*", (request, response) -> {
                    calls.incrementAndGet();
                    response.setContentType("text/plain");
                    int size = Integer.parseInt(request.getPathInfo().substring(1));
                    try {
                        for (int written = 0; written < size; written += KIB) {
                            response.getOutputStream().write(new byte[KIB]);
                            response.flushBuffer();
                        }
                        outcomes.add("written");
                    } catch (IOException e) {
                        outcomes.add(e);
                        throw e;
                    }
                });
    }

    @Test
    void oneItemTooManyIs413AndNothingRuns() throws Exception {
        try (TestServer server = server().start()) {
            HttpResponse<String> response = server.post(gets("/bytes/1", "/bytes/1", "/bytes/1", "/bytes/1"));

            assertThat(response.statusCode()).isEqualTo(413);
            assertThat(Envelopes.of(response).path("limit").asInt()).isEqualTo(3);
            assertThat(calls).hasValue(0);
        }
    }

    @Test
    void aBatchThatIsTooLongIs413WhetherItSaysSoOrNot() throws Exception {
        try (TestServer server = server().start()) {
            String batch = "{\"requests\":[]," + " ".repeat(4 * KIB) + "\"x\":1}";
            HttpResponse<String> declared = server.post(batch);
            assertThat(declared.statusCode()).isEqualTo(413);
            assertThat(Envelopes.of(declared).path("limit").asInt()).isEqualTo(4 * KIB);

            String chunk = Integer.toHexString(batch.length()) + "\r\n" + batch + "\r\n0\r\n\r\n";
            String chunked = server.raw("POST /batch HTTP/1.1\r\nHost: 127.0.0.1:" + server.port()
                    + "\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + chunk);
            assertThat(chunked).startsWith("HTTP/1.1 413 ").contains("batch-too-large");
        }
    }

    @Test
    void anAnswerThatIsTooLongIs507AndItsHandlerIsStopped() throws Exception {
        try (TestServer server = server().start()) {
            HttpResponse<String> response = server.post(gets("/bytes/1048576", "/bytes/1024"));

            assertThat(statuses(response)).containsExactly(507, 200);
            assertThat(item(response, "0").path("body").path("detail").asText())
                    .contains("'0'")
                    .contains("10240")
                    .contains("maxResponseBytes");
            assertThat(outcomes).hasAtLeastOneElementOfType(IOException.class);
        }
    }

    @Test
    void answersThatAreTooMuchTogetherAre507FromTheOneOnThatIsTooMuch() throws Exception {
        try (TestServer server = server().start()) {
            HttpResponse<String> response =
                    server.post(gets("/bytes/10240", "/bytes/10240", "/bytes/10240"), "Prefer", "execution=sequential");

            assertThat(statuses(response)).containsExactly(200, 200, 507);
            assertThat(statuses(server.post(gets("/bytes/10240", "/bytes/10240"))))
                    .containsExactly(200, 200);
        }
    }

    @Test
    void aBatchForWhichThereIsNoRoomIs503UntilThereIs() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch holding = new CountDownLatch(3);
        try (TestServer server = server().servlet("/hold", (request, response) -> {
                    response.getOutputStream().write(new byte[10 * KIB]);
                    response.flushBuffer();
                    holding.countDown();
                    release.await();
                })
                .start()) {
            CompletableFuture<HttpResponse<String>> first = server.postAsync(gets("/hold", "/hold"));
            CompletableFuture<HttpResponse<String>> second = server.postAsync(gets("/hold"));
            assertThat(holding.await(20, TimeUnit.SECONDS)).isTrue();

            // Three answers of 10 and three items of 1 take 33 of 36 KiB: a batch of 3 KiB finds no room, and an answer
            // of 3 KiB neither.
            HttpResponse<String> refused = server.post("{\"requests\":[],\"x\":\"" + "x".repeat(3 * KIB) + "\"}");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(refused.body()).contains("maxBufferedBytes");
            assertThat(statuses(server.post(gets("/bytes/3072")))).containsExactly(507);

            release.countDown();
            assertThat(statuses(first.get(20, TimeUnit.SECONDS))).containsExactly(200, 200);
            assertThat(statuses(second.get(20, TimeUnit.SECONDS))).containsExactly(200);
            assertThat(statuses(server.post(gets("/bytes/3072")))).containsExactly(200);
        }
    }

    @Test
    void whatABodyGrowsByInItsCharsetTakesRoomAsWell() throws Exception {
        String item = "{\"requests\":[{\"id\":\"0\",\"method\":\"POST\",\"url\":\"/x\",\"headers\":"
                + "{\"Content-Type\":\"text/plain;charset=%s\"},\"body\":\"" + "x".repeat(9 * KIB) + "\"}]}";
        try (TestServer server = TestServer.create()
                .batch(config -> config.maxBatchBytes(10 * KIB)
                        .maxResponseBytes(10 * KIB)
                        .maxEnvelopeBytes(20 * KIB)
                        .maxBufferedBytes(32 * KIB))
                .servlet("/x", (request, response) -> {})
                .start()) {
            assertThat(server.post(item.formatted("utf-8")).statusCode()).isEqualTo(207);
            HttpResponse<String> refused = server.post(item.formatted("utf-32"));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("maxBufferedBytes");
            assertThat(server.post(item.formatted("utf-8")).statusCode()).isEqualTo(207);
        }
    }
}
