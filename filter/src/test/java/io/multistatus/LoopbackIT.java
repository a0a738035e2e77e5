package io.multistatus;

import static io.multistatus.support.Envelopes.batch;
import static io.multistatus.support.Envelopes.gets;
import static io.multistatus.support.Envelopes.item;
import static io.multistatus.support.Envelopes.statuses;
import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.support.TestServer;
import jakarta.servlet.AsyncContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is different with {@code dispatcher=loopback}; what is not is for the equivalence suite. */
@Tag("container")
class LoopbackIT {
    private static BatchConfigBuilder loopback(BatchConfigBuilder config) {
        return config.dispatcher(DispatcherChoice.LOOPBACK);
    }

    private static String post(String id, String url, String body) {
        return "{\"id\":\"" + id + "\",\"method\":\"POST\",\"url\":\"" + url + "\",\"body\":" + body + "}";
    }

    @Test
    void aBatchInABatchIsRefusedByWhicheverFilterItGoesTo() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (TestServer server = TestServer.create()
                .batch(LoopbackIT::loopback)
                .batch(config -> config.path("/container"))
                .batch(config -> config.path("/loopback").dispatcher(DispatcherChoice.LOOPBACK))
                .batch(config -> config.path("/forward")
                        .dispatcher(DispatcherChoice.FORWARD)
                        .forwardAllow("/*"))
                .servlet("/ok", (request, response) -> calls.incrementAndGet())
                .start()) {
            HttpResponse<String> response = server.post(batch(
                    post("a", "/batch", gets("/ok")),
                    post("b", "/container", gets("/ok")),
                    post("c", "/loopback", gets("/ok")),
                    post("d", "/forward", gets("/ok"))));

            assertThat(statuses(response)).containsExactly(400, 400, 400, 400);
            for (String id : List.of("a", "b", "c", "d")) {
                assertThat(item(response, id).path("body").path("type").asText())
                        .isEqualTo("urn:multistatus:nested-batch");
            }
            // And the container's own way into the two others.
            HttpResponse<String> other = server.postTo(
                    "/container", batch(post("c", "/loopback", gets("/ok")), post("d", "/forward", gets("/ok"))));
            assertThat(statuses(other)).containsExactly(400, 400);
            assertThat(calls).hasValue(0);
        }
    }

    @Test
    void whoForgesTheMarkOfAnItemHarmsNobodyElse() throws Exception {
        try (TestServer server = TestServer.create()
                .batch(LoopbackIT::loopback)
                .json("/ok", 200, "{}")
                .start()) {
            HttpResponse<String> forged = server.post(gets("/ok"), "Batch-Loopback", "1");
            assertThat(forged.statusCode()).isEqualTo(400);
            assertThat(forged.body()).contains("urn:multistatus:nested-batch");

            HttpResponse<String> inAnItem = server.post(batch(
                    "{\"id\":\"a\",\"method\":\"GET\",\"url\":\"/ok\",\"headers\":{\"batch-loopback\":\"0\"}}",
                    "{\"id\":\"b\",\"method\":\"GET\",\"url\":\"/ok\"}"));
            assertThat(statuses(inAnItem)).containsExactly(400, 200);
        }
    }

    /** The server may trust its own machine to name the client, so a client must not get its word in last. */
    @ParameterizedTest
    @ValueSource(strings = {"", "203.0.113.7", "10.0.0.1, 203.0.113.7"})
    void theClientsAddressIsTheLastOfThoseForwardedFor(String sent) throws Exception {
        try (TestServer server = TestServer.create()
                .batch(LoopbackIT::loopback)
                .servlet("/hops", (request, response) -> {
                    response.setContentType("text/plain");
                    response.getWriter()
                            .print(request.getHeader("X-Forwarded-For") + " | " + request.getHeader("Forwarded"));
                })
                .start()) {
            HttpResponse<String> response = sent.isEmpty()
                    ? server.post(gets("/hops"))
                    : server.post(gets("/hops"), "X-Forwarded-For", sent, "Forwarded", "for=" + sent.split(",", 2)[0]);

            assertThat(item(response, "0").path("body").asText())
                    .isEqualTo(
                            sent.isEmpty()
                                    ? "127.0.0.1 | null"
                                    : sent + ", 127.0.0.1 | for=" + sent.split(",", 2)[0] + ", for=127.0.0.1");
        }
    }

    @Test
    void batchesGiveTheirThreadsToTheirItems() throws Exception {
        // Of these six, Jetty takes two for itself.
        try (TestServer server = TestServer.create(6, "/")
                .batch(LoopbackIT::loopback)
                .servlet("/slow", (request, response) -> TimeUnit.MILLISECONDS.sleep(5))
                .start()) {
            List<CompletableFuture<HttpResponse<String>>> all = IntStream.range(0, 20)
                    .mapToObj(i -> server.postAsync(gets("/slow", "/slow", "/slow", "/slow")))
                    .toList();
            for (CompletableFuture<HttpResponse<String>> one : all) {
                assertThat(statuses(one.get(50, TimeUnit.SECONDS))).containsExactly(200, 200, 200, 200);
            }
        }
    }

    @Test
    void aChainThatIsNotAsyncIsServedAsLongAsThereAreThreads() throws Exception {
        try (TestServer server = TestServer.create()
                .filter((request, response, chain) -> chain.doFilter(request, response), false)
                .batch(LoopbackIT::loopback)
                .json("/ok", 200, "{}")
                .start()) {
            assertThat(statuses(server.post(gets("/ok", "/ok", "/missing")))).containsExactly(200, 200, 404);
        }
    }

    @Test
    void anItemThatHangsIsGivenUpAndItsThreadIsThereForOthers() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (TestServer server = TestServer.create()
                .batch(config -> loopback(config)
                        .itemTimeout(Duration.ofSeconds(1))
                        .threads(1)
                        .virtualThreads(false))
                .json("/ok", 200, "{}")
                .servlet("/hang", (request, response) -> release.await())
                .servlet("/never", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.setTimeout(0);
                })
                .start()) {
            assertThat(statuses(server.post(gets("/hang", "/ok"), "Prefer", "execution=sequential")))
                    .containsExactly(504, 200);
            assertThat(statuses(server.post(gets("/never", "/ok"), "Prefer", "execution=sequential")))
                    .containsExactly(504, 200);
            release.countDown();
        } finally {
            release.countDown();
        }
    }

    @Test
    void aHandlerMayAnswerWhileItStillReads() throws Exception {
        try (TestServer server = TestServer.create()
                .batch(config -> loopback(config)
                        .maxBatchBytes(64 << 20)
                        .maxResponseBytes(64 << 20)
                        .maxEnvelopeBytes(64 << 20)
                        .maxBufferedBytes(1 << 30))
                .servlet("/mirror", (request, response) -> {
                    response.setContentType("text/plain");
                    request.getInputStream().transferTo(response.getOutputStream());
                })
                .start()) {
            String large = "x".repeat(9 << 20);
            HttpResponse<String> response = server.post(batch(
                    "{\"id\":\"a\",\"method\":\"POST\",\"url\":\"/mirror\",\"headers\":{\"Content-Type\":\"text/plain\"},"
                            + "\"body\":\"" + large + "\"}"));

            assertThat(statuses(response)).containsExactly(200);
            assertThat(item(response, "a").path("body").asText()).isEqualTo(large);
        }
    }

    @Test
    void anAnswerThatIsTooLargeIsReadNoFurther() throws Exception {
        CountDownLatch broken = new CountDownLatch(1);
        try (TestServer server = TestServer.create()
                .batch(config -> loopback(config).maxResponseBytes(10_000))
                .json("/ok", 200, "{}")
                .servlet("/endless", (request, response) -> {
                    byte[] piece = new byte[8_192];
                    try {
                        while (true) {
                            response.getOutputStream().write(piece);
                        }
                    } catch (IOException e) {
                        broken.countDown();
                    }
                })
                .start()) {
            assertThat(statuses(server.post(gets("/endless", "/ok")))).containsExactly(507, 200);
            assertThat(broken.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whereNobodyListensEachItemIsABrokenConnection() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (TestServer server = TestServer.create()
                .batch(config -> loopback(config).loopbackUrl("http://127.0.0.1:" + port))
                .start()) {
            HttpResponse<String> response = server.post(gets("/a", "/b"));

            assertThat(statuses(response)).containsExactly(502, 502);
            assertThat(item(response, "0").path("body").path("type").asText())
                    .isEqualTo("urn:multistatus:aborted-response");
        }
    }

    @Test
    void aUrlLeadsElsewhereAndTheHostStaysTheClients() throws Exception {
        try (TestServer behind = TestServer.create()
                        .servlet("/where", (request, response) -> {
                            response.setContentType("text/plain");
                            response.getWriter().print(request.getHeader("Host") + " " + request.getLocalPort());
                        })
                        .start();
                TestServer server = TestServer.create()
                        .batch(config -> loopback(config).loopbackUrl("http://127.0.0.1:" + behind.port()))
                        .start()) {
            assertThat(item(server.post(gets("/where")), "0").path("body").asText())
                    .isEqualTo("127.0.0.1:" + server.port() + " " + behind.port());
        }
    }
}
