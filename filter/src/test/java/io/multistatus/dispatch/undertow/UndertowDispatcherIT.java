package io.multistatus.dispatch.undertow;

import static io.multistatus.support.Envelopes.batch;
import static io.multistatus.support.Envelopes.gets;
import static io.multistatus.support.Envelopes.item;
import static io.multistatus.support.Envelopes.statuses;
import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.server.handlers.ResponseCodeHandler;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the comparison with the wire does not see of the way into Undertow. */
@Tag("undertow")
class UndertowDispatcherIT {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final CountDownLatch release = new CountDownLatch(1);
    private final BlockingQueue<Object> outcomes = new LinkedBlockingQueue<>();

    @AfterEach
    void letGo() {
        release.countDown();
    }

    private static void echo(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain");
        response.getWriter()
                .print(request.getProtocol() + " " + request.getRequestURL() + " " + request.isSecure() + " "
                        + request.getHeader("Host") + " "
                        + request.getAttribute("jakarta.servlet.request.cipher_suite") + " "
                        + request.getRemoteAddr());
    }

    private static void async(HttpServletRequest request, HttpServletResponse response) {
        AsyncContext async = request.startAsync();
        async.start(() -> {
            response.setStatus(202);
            async.complete();
        });
    }

    @Test
    void aWorkerPoolFullOfWaitingBatchesStillServesTheirAsyncItems() throws Exception {
        try (UndertowServer server = UndertowServer.create()
                .workerThreads(2)
                .filter("/batch", (request, response, chain) -> chain.doFilter(request, response), false)
                .batch(config -> config)
                .servlet("/async", UndertowDispatcherIT::async)
                .start()) {
            String[] urls = new String[20];
            Arrays.fill(urls, "/async");
            List<CompletableFuture<HttpResponse<String>>> batches = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                batches.add(server.postAsync(gets(urls), "Prefer", "execution=parallel"));
            }
            for (CompletableFuture<HttpResponse<String>> each : batches) {
                assertThat(statuses(each.get(20, TimeUnit.SECONDS))).hasSize(20).containsOnly(202);
            }
        }
    }

    @Test
    void anAsyncItemThatNeverCompletesIs504AndItsListenerHearsOfIt() throws Exception {
        try (UndertowServer server = UndertowServer.create()
                .batch(config -> config.itemTimeout(PATIENCE))
                .servlet("/ok", UndertowDispatcherIT::echo)
                .servlet("/never", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.setTimeout(0);
                    async.addListener(new ErrorListener(outcomes));
                })
                .start()) {
            assertThat(statuses(server.post(gets("/never", "/ok")))).containsExactly(504, 200);
            assertThat(outcomes.poll(20, TimeUnit.SECONDS)).isEqualTo("error");
        }
    }

    @Test
    void aHandlerFindsThatItHasBeenGivenUpWhenItWrites() throws Exception {
        try (UndertowServer server = UndertowServer.create()
                .batch(config -> config.itemTimeout(PATIENCE))
                .servlet("/hang", (request, response) -> {
                    release.await();
                    try {
                        response.getOutputStream().write(new byte[100_000]);
                        response.flushBuffer();
                        outcomes.add("written");
                    } catch (IOException e) {
                        outcomes.add("refused");
                    }
                })
                .servlet("/ok", UndertowDispatcherIT::echo)
                .start()) {
            assertThat(statuses(server.post(gets("/hang", "/ok")))).containsExactly(504, 200);
            release.countDown();
            assertThat(outcomes.poll(20, TimeUnit.SECONDS)).isEqualTo("refused");
        }
    }

    @Test
    void aHandlerWhoseAnswerIsTooLongIsStoppedAtItsNextWrite() throws Exception {
        try (UndertowServer server = UndertowServer.create()
                .batch(config -> config.maxResponseBytes(100_000))
                .servlet("/endless", (request, response) -> {
                    try {
                        while (true) {
                            response.getOutputStream().write(new byte[10_000]);
                        }
                    } catch (IOException e) {
                        outcomes.add("refused");
                    }
                })
                .servlet("/ok", UndertowDispatcherIT::echo)
                .start()) {
            assertThat(statuses(server.post(gets("/endless", "/ok")))).containsExactly(507, 200);
            assertThat(outcomes.poll(20, TimeUnit.SECONDS)).isEqualTo("refused");
        }
    }

    @Test
    void aHandlerThatHasSaidAllAndLingersHoldsUpNobody() throws Exception {
        try (UndertowServer server = UndertowServer.create()
                .batch(config -> config)
                .servlet("/ok", UndertowDispatcherIT::echo)
                .servlet("/closed", (request, response) -> {
                    response.getWriter().write("done");
                    response.getWriter().close();
                    release.await();
                })
                .servlet("/length", (request, response) -> {
                    response.setContentLength(4);
                    response.getOutputStream().write(new byte[] {'d', 'o', 'n', 'e'});
                    response.flushBuffer();
                    release.await();
                })
                .start()) {
            HttpResponse<String> response =
                    server.post(gets("/closed", "/length", "/ok"), "Prefer", "execution=sequential");
            release.countDown();

            assertThat(statuses(response)).containsExactly(200, 200, 200);
        }
    }

    @Test
    void aBatchInABatchIsThatItems400HoweverItIsRouted() throws Exception {
        try (UndertowServer server = UndertowServer.create()
                .front(next -> exchange -> {
                    if (exchange.getRequestPath().equals("/alias")) {
                        exchange.setRelativePath("/batch")
                                .setRequestPath("/batch")
                                .setRequestURI("/batch");
                    }
                    next.handleRequest(exchange);
                })
                .batch(config -> config)
                .servlet("/ok", UndertowDispatcherIT::echo)
                .start()) {
            HttpResponse<String> response = server.post(batch(
                    "{\"id\":\"a\",\"method\":\"POST\",\"url\":\"/alias\",\"body\":" + gets("/ok") + "}",
                    "{\"id\":\"b\",\"method\":\"GET\",\"url\":\"/ok\"}"));

            assertThat(statuses(response)).containsExactly(400, 200);
            assertThat(response.body()).contains("urn:multistatus:nested-batch");
        }
    }

    /** Which spellings of the endpoint's path lead to it is for the container to say, as on the wire. */
    @ParameterizedTest
    @ValueSource(strings = {"//batch", "/x/../batch", "/./batch", "/batch;x=y", "/b%61tch", "/batch"})
    void aBatchInABatchIsWhatLeadsToTheEndpoint(String url) throws Exception {
        try (UndertowServer server = UndertowServer.create()
                .batch(config -> config)
                .servlet("/ok", UndertowDispatcherIT::echo)
                .servlet("/*", (request, response) -> response.setStatus(202))
                .start()) {
            boolean batchOnTheWire = server.postTo(url, gets("/ok")).statusCode() == 207;
            HttpResponse<String> response = server.post(
                    batch("{\"id\":\"a\",\"method\":\"POST\",\"url\":\"" + url + "\",\"body\":" + gets("/ok") + "}"));

            assertThat(statuses(response)).containsExactly(batchOnTheWire ? 400 : 202);
            assertThat(response.body().contains("urn:multistatus:nested-batch")).isEqualTo(batchOnTheWire);
        }
    }

    @Test
    void itemsPassTheHandlersInFrontOfTheContext() throws Exception {
        try (UndertowServer server = UndertowServer.create()
                .front(next -> exchange -> {
                    if (exchange.getRequestPath().equals("/ok")) {
                        // On another thread, as handlers do that were written for I/O threads.
                        exchange.dispatch(ResponseCodeHandler.HANDLE_405);
                    } else {
                        next.handleRequest(exchange);
                    }
                })
                .batch(config -> config)
                .servlet("/ok", UndertowDispatcherIT::echo)
                .start()) {
            assertThat(statuses(server.post(gets("/ok", "/ok")))).containsExactly(405, 405);
        }
    }

    @Test
    void theItemsOfABatchOverHttp2AreAnsweredAsTheyWouldBeThere() throws Exception {
        try (UndertowServer server = UndertowServer.create()
                .http2()
                .batch(config -> config)
                .servlet("/echo", UndertowDispatcherIT::echo)
                .start()) {
            HttpResponse<String> alone = server.get("/echo");
            HttpResponse<String> inBatch = server.post(gets("/echo"));

            assertThat(alone.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(alone.body()).startsWith("HTTP/2.0 https://");
            assertThat(item(inBatch, "0").path("body").asText()).isEqualTo(alone.body());
        }
    }

    private record ErrorListener(BlockingQueue<Object> outcomes) implements AsyncListener {
        @Override
        public void onError(AsyncEvent event) {
            outcomes.add("error");
        }

        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }
}
