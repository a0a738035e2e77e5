package io.multistatus;

import static io.multistatus.support.Envelopes.batch;
import static io.multistatus.support.Envelopes.gets;
import static io.multistatus.support.Envelopes.statuses;
import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.event.BatchEvent;
import io.multistatus.event.BatchListener;
import io.multistatus.event.ItemEvent;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import io.multistatus.support.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.eclipse.jetty.server.RequestLog;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("container")
class ListenerIT {
    private final List<String> events = new CopyOnWriteArrayList<>();

    @Test
    void listenersHearOfABatchAndItsItemsInTheDocumentedOrder() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (TestServer server = TestServer.create()
                .batch(config -> config.listener(new Recorder()).itemTimeout(Duration.ofSeconds(1)))
                .json("/ok", 200, "{}")
                .servlet("/hang", (request, response) -> release.await())
                .start()) {
            server.post(
                    batch(
                            "{\"id\":\"a\",\"method\":\"GET\",\"url\":\"/ok?secret=1\"}",
                            "{\"id\":\"b\",\"method\":\"GET\",\"url\":\"/missing\"}",
                            "{\"id\":\"c\",\"method\":\"GET\",\"url\":\"/ok\",\"dependsOn\":[\"b\"]}",
                            "{\"id\":\"d\",\"method\":\"GET\",\"url\":\"/ok\",\"headers\":{\"Host\":\"x\"}}",
                            "{\"id\":\"e\",\"method\":\"GET\",\"url\":\"/hang\"}"),
                    "Prefer",
                    "execution=sequential");
            server.post("nonsense");
            release.countDown();
        }

        assertThat(events)
                .containsExactly(
                        "batchBegun 5 /batch",
                        "itemBegun a /ok",
                        "itemEnded a 200",
                        "itemBegun b /missing",
                        "itemFailed b 404",
                        "itemEnded b 404",
                        "itemFailed c 424",
                        "itemEnded c 424",
                        "itemFailed d 400",
                        "itemEnded d 400",
                        "itemBegun e /hang",
                        "itemTimedOut e PT1S",
                        "itemFailed e 504",
                        "itemEnded e 504",
                        "batchEnded 1 of 5",
                        "batchRefused malformed-batch");
    }

    @Test
    void aListenerThatThrowsHarmsNobody() throws Exception {
        try (TestServer server = TestServer.create()
                .batch(config -> config.listener(new Thrower()).listener(new Recorder()))
                .json("/ok", 200, "{}")
                .start()) {
            assertThat(statuses(server.post(gets("/ok", "/missing")))).containsExactly(200, 404);
        }
        assertThat(events).contains("itemEnded 0 200", "itemEnded 1 404", "batchEnded 1 of 2");
    }

    @Test
    void theAccessLogHasALineForEachItemAndOneForTheBatch() throws Exception {
        List<String> accessLog = new CopyOnWriteArrayList<>();
        RequestLog log = (request, response) -> accessLog.add(
                request.getMethod() + " " + request.getHttpURI().getPathQuery() + " " + response.getStatus());
        try (TestServer server = TestServer.create().batch().json("/ok", 200, "{}")) {
            server.jetty().setRequestLog(log);
            server.start();
            server.post(gets("/ok?a=b", "/missing"), "Prefer", "execution=sequential");
            org.awaitility.Awaitility.await()
                    .untilAsserted(() -> assertThat(accessLog)
                            .containsExactly("GET /ok?a=b 200", "GET /missing 404", "POST /batch 207"));
        }
    }

    private static final class Thrower implements BatchListener {
        @Override
        public void batchBegun(BatchEvent batch) {
            throw new IllegalStateException("as planned");
        }

        @Override
        public void itemEnded(ItemEvent item, Subresponse response, Duration duration) {
            throw new AssertionError("as planned");
        }
    }

    private final class Recorder implements BatchListener {
        @Override
        public void batchBegun(BatchEvent batch) {
            events.add("batchBegun " + batch.items() + " " + batch.path());
        }

        @Override
        public void batchRefused(Problem problem) {
            events.add("batchRefused " + problem.name());
        }

        @Override
        public void itemBegun(ItemEvent item) {
            events.add("itemBegun " + item.request().label() + " " + item.path());
        }

        @Override
        public void itemTimedOut(ItemEvent item, Duration limit) {
            events.add("itemTimedOut " + item.request().label() + " " + limit);
        }

        @Override
        public void itemFailed(ItemEvent item, Subresponse response) {
            events.add("itemFailed " + item.request().label() + " " + response.status());
        }

        @Override
        public void itemEnded(ItemEvent item, Subresponse response, Duration duration) {
            events.add("itemEnded " + item.request().label() + " " + response.status());
        }

        @Override
        public void batchEnded(BatchEvent batch, Summary summary, Duration duration) {
            events.add("batchEnded " + summary.succeeded() + " of " + summary.total());
        }
    }
}
