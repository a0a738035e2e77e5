package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.BatchConfig;
import io.multistatus.event.BatchListener;
import io.multistatus.event.ItemEvent;
import io.multistatus.model.Subresponse;
import io.multistatus.support.Envelopes;
import io.multistatus.support.LogContexts;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** Whoever works for an item has its ids in the MDC, and nobody else has, on whatever thread and however the item ends. */
@Tag("container")
@Tag("equivalence")
class LogContextIT {
    private static final String NOTHING = "{}";

    private final CountDownLatch release = new CountDownLatch(1);
    private final List<String> told = new CopyOnWriteArrayList<>();
    private @Nullable HandlerHost host;

    @BeforeEach
    void start() throws Exception {
        LogContexts.use();
        Map<String, HandlerHost.Handler> handlers = new HashMap<>();
        handlers.put("now", (request, response) -> write(response));
        handlers.put("throws", (request, response) -> {
            throw new IllegalStateException("planned");
        });
        handlers.put("async", (request, response) -> {
            // Twice: what a dispatch has put there is gone when the next one begins.
            int round = request.getAttribute("round") == null ? 0 : (int) request.getAttribute("round");
            if (request.getDispatcherType() == DispatcherType.ASYNC && round == 2) {
                write(response);
                return;
            }
            request.setAttribute("round", round + 1);
            AsyncContext context = request.startAsync();
            new Thread(context::dispatch).start();
        });
        handlers.put("abandoned", (request, response) -> {
            AsyncContext context = request.startAsync();
            context.setTimeout(0);
        });
        handlers.put("hangs", (request, response) -> {
            assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
            write(response);
        });
        host = HandlerHost.start(
                BatchConfig.builder()
                        .itemTimeout(Duration.ofSeconds(1))
                        .listener(new Witness())
                        .build(),
                handlers);
    }

    /** What the MDC says when listeners are told of an item, and which item they are told of. */
    private final class Witness implements BatchListener {
        @Override
        public Optional<Subresponse> beforeItem(ItemEvent item) {
            told.add("before " + item.request().label() + " " + MDC.get("itemId"));
            return Optional.empty();
        }

        @Override
        public void itemTimedOut(ItemEvent item, Duration limit) {
            told.add("timed out " + item.request().label() + " " + MDC.get("itemId"));
        }

        @Override
        public void itemEnded(ItemEvent item, Subresponse response, Duration duration) {
            told.add("ended " + item.request().label() + " " + MDC.get("itemId"));
        }
    }

    @AfterEach
    void stop() throws IOException {
        release.countDown();
        Objects.requireNonNull(host).close();
    }

    private static void write(ServletResponse response) throws IOException {
        response.setContentType("text/plain");
        Map<String, String> context = MDC.getCopyOfContextMap();
        response.getWriter().write(context == null || context.isEmpty() ? NOTHING : ids(context));
    }

    private static String ids(Map<String, String> context) {
        return context.get("batchId") + " " + context.get("itemId") + " " + context.size();
    }

    private static String get(String id, String path) {
        return "{\"id\":\"" + id + "\",\"method\":\"GET\",\"url\":\"/app" + path + "\"}";
    }

    private HttpResponse<String> post(String... items) throws Exception {
        return Objects.requireNonNull(host).post(items);
    }

    private String alone(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + Objects.requireNonNull(host).port() + "/app" + path))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void itemsHaveTheirIdsAndTheirBatchs() throws Exception {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            items.add(get("i" + i, i % 2 == 0 ? "/now" : "/async"));
        }
        Set<String> batches = new HashSet<>();
        for (int round = 0; round < 3; round++) {
            HttpResponse<String> response = post(items.toArray(String[]::new));
            for (int i = 0; i < items.size(); i++) {
                String[] ids =
                        Envelopes.item(response, "i" + i).path("body").asText().split(" ");
                assertThat(ids).hasSize(3);
                batches.add(ids[0]);
                assertThat(ids[1]).isEqualTo("i" + i);
                assertThat(ids[2]).isEqualTo("2");
            }
        }
        assertThat(batches).hasSize(3);
    }

    @Test
    void nothingStaysBehind() throws Exception {
        HttpResponse<String> response = post(
                get("a", "/now"),
                get("b", "/throws"),
                get("c", "/async"),
                get("d", "/abandoned"),
                get("e", "/hangs"),
                get("f", "/missing"),
                "{\"id\":\"g\",\"method\":\"GET\",\"url\":\"http://elsewhere/x\"}");
        assertThat(Envelopes.statuses(response)).containsExactly(200, 500, 200, 504, 504, 404, 400);
        release.countDown();
        for (int i = 0; i < 30; i++) {
            assertThat(alone("/now")).isEqualTo(NOTHING);
            assertThat(alone("/async")).isEqualTo(NOTHING);
        }
    }

    @Test
    void whoIsToldOfAnItemHasItsIds() throws Exception {
        post(
                get("a", "/throws"),
                "{\"id\":\"b\",\"method\":\"GET\",\"url\":\"/app/now\",\"dependsOn\":[\"a\"]}",
                get("c", "/async"),
                get("d", "/hangs"));
        assertThat(told)
                .containsExactlyInAnyOrder(
                        "before a a",
                        "ended a a",
                        "ended b b",
                        "before c c",
                        "ended c c",
                        "before d d",
                        "timed out d d",
                        "ended d d");
    }

    @Test
    void whatAClientCallsAnItemCannotForgeLines() throws Exception {
        assertThat(Envelopes.of(post(get("a=b c", "/now")))
                        .path("responses")
                        .path(0)
                        .path("body")
                        .asText())
                .endsWith(" a_b_c 2");
    }
}
