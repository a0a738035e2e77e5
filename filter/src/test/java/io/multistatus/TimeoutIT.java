package io.multistatus;

import static io.multistatus.support.Envelopes.gets;
import static io.multistatus.support.Envelopes.item;
import static io.multistatus.support.Envelopes.statuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multistatus.support.TestServer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.net.http.HttpResponse;
import java.time.Duration;
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

@Tag("container")
class TimeoutIT {
    /** Time enough for an item that does not hang, however busy the machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Lets go of all handlers that hang. */
    private final CountDownLatch release = new CountDownLatch(1);

    private final BlockingQueue<Object> outcomes = new LinkedBlockingQueue<>();

    @AfterEach
    void letGo() {
        release.countDown();
    }

    private TestServer server() {
        return TestServer.create()
                .batch(config -> config.itemTimeout(PATIENCE))
                .json("/ok", 200, "{}")
                .servlet("/hang", (request, response) -> {
                    release.await();
                    try {
                        response.getWriter().write("x".repeat(100_000));
                        response.getWriter().flush();
                        outcomes.add(response.getWriter().checkError());
                    } catch (RuntimeException e) {
                        outcomes.add(e);
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"ordered", "parallel", "sequential"})
    void aHandlerThatHangsGives504ForItselfAndTheOthersHaveTheirAnswers(String execution) throws Exception {
        try (TestServer server = server().start()) {
            HttpResponse<String> response =
                    server.post(gets("/hang", "/ok", "/hang", "/ok"), "Prefer", "execution=" + execution);

            assertThat(statuses(response)).containsExactly(504, 200, 504, 200);
            assertThat(item(response, "0").path("body").path("type").asText()).isEqualTo("urn:multistatus:timeout");
            assertThat(item(response, "0").path("body").path("detail").asText())
                    .contains("'0'")
                    .contains("itemTimeout");
        }
    }

    @Test
    void aHandlerThatHangsInABatchOfOneDoesNotHoldUpTheAnswer() throws Exception {
        try (TestServer server = server().start()) {
            assertThat(statuses(server.post(gets("/hang")))).containsExactly(504);
            assertThat(release.getCount()).isEqualTo(1);
        }
    }

    @Test
    void whatAnAbandonedHandlerWritesLaterIsDropped() throws Exception {
        try (TestServer server = server().start()) {
            assertThat(statuses(server.post(gets("/hang")))).containsExactly(504);
            release.countDown();
            assertThat(outcomes.poll(20, TimeUnit.SECONDS)).isEqualTo(true);
            assertThat(statuses(server.post(gets("/ok")))).containsExactly(200);
        }
    }

    @Test
    void aHandlerThatHangsWhereTheChainIsNotAsyncGives504Too() throws Exception {
        try (TestServer server = TestServer.create()
                .filter((request, response, chain) -> chain.doFilter(request, response), false)
                .batch(config -> config.itemTimeout(PATIENCE))
                .json("/ok", 200, "{}")
                .servlet("/hang", (request, response) -> release.await())
                .start()) {
            assertThat(statuses(server.post(gets("/hang", "/ok")))).containsExactly(504, 200);
        }
    }

    @Test
    void whatHasNotFinishedWhenTheBatchTimesOutIs504AndTheRestIsReturned() throws Exception {
        try (TestServer server = TestServer.create()
                .batch(config -> config.batchTimeout(PATIENCE))
                .json("/ok", 200, "{}")
                .servlet("/hang", (request, response) -> release.await())
                .start()) {
            HttpResponse<String> response = server.post(gets("/ok", "/hang", "/ok"), "Prefer", "execution=sequential");

            assertThat(statuses(response)).containsExactly(200, 504, 504);
            assertThat(item(response, "2").path("body").path("detail").asText()).contains("batchTimeout");
        }
    }

    @Test
    void anAsyncItemThatNeverCompletesIs504AndItsListenerHearsOfIt() throws Exception {
        try (TestServer server = server().servlet("/never", (request, response) -> {
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
    void aHandlerThatAnswersAndLingersHoldsUpNobody() throws Exception {
        try (TestServer server = TestServer.create()
                .batch()
                .json("/ok", 200, "{}")
                .servlet("/linger", (request, response) -> {
                    response.setContentType("text/plain");
                    response.getWriter().write("done");
                    response.getWriter().close();
                    release.await();
                })
                .start()) {
            HttpResponse<String> response = server.post(gets("/linger", "/ok"), "Prefer", "execution=sequential");

            assertThat(statuses(response)).containsExactly(200, 200);
            assertThat(item(response, "0").path("body").asText()).isEqualTo("done");
        }
    }

    @Test
    void asLongAsTooManyHandlersHangNewBatchesAreRefused() throws Exception {
        try (TestServer server = TestServer.create()
                .batch(config -> config.itemTimeout(PATIENCE).maxAbandoned(2))
                .json("/ok", 200, "{}")
                .servlet("/hang", (request, response) -> release.await())
                .start()) {
            assertThat(statuses(server.post(gets("/hang", "/hang"), "Prefer", "execution=parallel")))
                    .containsExactly(504, 504);
            // They count from a moment after their 504: until then they may just be slow to come back.
            HttpResponse<String> refused = await().until(() -> server.post(gets("/ok")), r -> r.statusCode() == 503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(refused.body()).contains("urn:multistatus:overloaded").contains("maxAbandoned");

            release.countDown();
            org.awaitility.Awaitility.await()
                    .untilAsserted(() ->
                            assertThat(server.post(gets("/ok")).statusCode()).isEqualTo(207));
        }
    }

    /** Once only those counted that had been found out when their batch was answered. */
    @Test
    void handlersThatAreFoundToHangAfterTheirBatchWasAnsweredCountToo() throws Exception {
        try (TestServer server = TestServer.create()
                .batch(config -> config.itemTimeout(PATIENCE).maxConcurrency(2).maxAbandoned(2))
                .json("/ok", 200, "{}")
                .servlet("/pause", (request, response) -> TimeUnit.MILLISECONDS.sleep(PATIENCE.toMillis() / 2))
                .servlet("/hang", (request, response) -> release.await())
                .start()) {
            // The second begins to hang later than the first, and is answered for together with it.
            assertThat(statuses(server.post(gets("/hang", "/pause", "/hang"), "Prefer", "execution=parallel")))
                    .containsExactly(504, 200, 504);
            await().until(() -> server.post(gets("/ok")), response -> response.statusCode() == 503);
        }
    }

    @Test
    void fullHelpersDoNotStopOtherBatches() throws Exception {
        try (TestServer server = TestServer.create()
                .batch(config -> config.threads(1).virtualThreads(false))
                .json("/ok", 200, "{}")
                .servlet("/hang", (request, response) -> release.await())
                .start()) {
            CompletableFuture<HttpResponse<String>> hanging =
                    server.postAsync(gets("/hang", "/hang", "/hang"), "Prefer", "execution=parallel");

            assertThat(statuses(server.post(gets("/ok", "/ok", "/ok")))).containsExactly(200, 200, 200);
            assertThat(hanging).isNotDone();
            release.countDown();
            assertThat(statuses(hanging.get(20, TimeUnit.SECONDS))).hasSize(3);
        }
    }

    private record ErrorListener(BlockingQueue<Object> outcomes) implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onTimeout(AsyncEvent event) {
            outcomes.add("timeout");
        }

        @Override
        public void onError(AsyncEvent event) {
            outcomes.add("error");
            event.getAsyncContext().complete();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }
}
