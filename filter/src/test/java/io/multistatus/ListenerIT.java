package io.multistatus;

import static io.multistatus.support.Envelopes.batch;
import static io.multistatus.support.Envelopes.gets;
import static io.multistatus.support.Envelopes.statuses;
import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.event.BatchEvent;
import io.multistatus.event.BatchListener;
import io.multistatus.event.ItemEvent;
import io.multistatus.event.RefusedBatchEvent;
import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import io.multistatus.support.Envelopes;
import io.multistatus.support.TestServer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
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
                        "batchBegun 5 /batch application/json 127.0.0.1 null",
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
                        "batchRefused malformed-batch /batch 127.0.0.1");
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
    void anItemThatAListenerAnswersIsNotDispatched() throws Exception {
        List<String> ran = new CopyOnWriteArrayList<>();
        BatchListener limit = new BatchListener() {
            @Override
            public Optional<Subresponse> beforeItem(ItemEvent item) {
                return item.request().label().equals("b")
                        ? Optional.of(Subresponse.of(
                                Problem.of(429, "too-many-logins", "Too many logins"), Headers.of("Retry-After", "7")))
                        : Optional.empty();
            }
        };
        try (TestServer server = TestServer.create()
                .batch(config -> config.listener(limit).listener(new Recorder()).atomicity(AtomicityChoice.NONE))
                .servlet("/x", (request, response) -> ran.add(request.getHeader("X-Item")))
                .start()) {
            HttpResponse<String> response = server.post(
                    Envelopes.batch(item("a", ""), item("b", ""), item("c", ",\"dependsOn\":[\"b\"]"), item("d", "")));
            assertThat(statuses(response)).containsExactly(200, 429, 424, 200);
            assertThat(Envelopes.item(response, "b").at("/headers/Retry-After").asText())
                    .isEqualTo("7");
            assertThat(Envelopes.item(response, "b").has("refused")).isFalse();
            assertThat(Envelopes.of(response).at("/summary/retryable").toString())
                    .isEqualTo("[\"b\"]");
            assertThat(Envelopes.of(response).at("/summary/retryAfter").asInt()).isEqualTo(7);
            assertThat(ran).containsExactlyInAnyOrder("a", "d");
            assertThat(events).contains("itemEnded b 429").doesNotContain("itemBegun b /x");

            String group = ",\"atomicityGroup\":\"g\"";
            response = server.post(Envelopes.batch(item("a", group), item("b", group), item("c", group)));
            assertThat(statuses(response)).containsExactly(200, 429, 424);
            assertThat(ran).hasSize(3).endsWith("a");
        }
    }

    private static String item(String id, String more) {
        return "{\"id\":\"" + id + "\",\"method\":\"POST\",\"url\":\"/x\",\"headers\":{\"X-Item\":\"" + id + "\"}"
                + more + "}";
    }

    @Test
    void anItemDoesNotRunWithWhatItsClientWroteInThePlaceOfTheListenersFields() throws Exception {
        List<String> ran = new CopyOnWriteArrayList<>();
        BatchListener failing = new BatchListener() {
            @Override
            public Headers itemFields(ItemEvent item) {
                if (item.request().label().equals("b")) {
                    throw new IllegalStateException("as planned");
                }
                return Headers.of("X-Item", "host");
            }
        };
        try (TestServer server = TestServer.create()
                .batch(config -> config.listener(failing))
                .servlet("/x", (request, response) -> ran.add(request.getHeader("X-Item")))
                .start()) {
            assertThat(statuses(server.post(Envelopes.batch(item("a", ""), item("b", "")))))
                    .containsExactly(200, 500);
        }
        assertThat(ran).containsExactly("host");
    }

    @Test
    void fieldsOfAListenerTakeThePlaceOfInheritedAndOfOwnOnes() throws Exception {
        BatchListener fields = new BatchListener() {
            @Override
            public Headers itemFields(ItemEvent item) {
                return Headers.of(
                        "x-item", "of the listener for " + item.request().label(), "X-Forwarded-For", "10.0.0.1");
            }
        };
        try (TestServer server = TestServer.create()
                .batch(config -> config.listener(fields))
                .servlet("/x", (request, response) -> {
                    response.setContentType("text/plain");
                    response.getWriter()
                            .print(Collections.list(request.getHeaders("X-Item")) + " "
                                    + Collections.list(request.getHeaders("X-Forwarded-For")));
                })
                .start()) {
            HttpResponse<String> response = server.post(
                    Envelopes.batch(item("a", ""), item("b", "")), "X-Forwarded-For", "192.0.2.9", "X-Item", "outer");
            assertThat(Envelopes.item(response, "a").path("body").asText())
                    .isEqualTo("[of the listener for a] [10.0.0.1]");
            assertThat(Envelopes.item(response, "b").path("body").asText())
                    .isEqualTo("[of the listener for b] [10.0.0.1]");
        }
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
            events.add("batchBegun " + batch.items() + " " + batch.path() + " " + batch.format() + " "
                    + batch.caller().remoteAddress() + " " + batch.caller().user());
        }

        @Override
        public void batchRefused(RefusedBatchEvent refused) {
            events.add("batchRefused " + refused.problem().name() + " " + refused.path() + " "
                    + refused.caller().remoteAddress());
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
