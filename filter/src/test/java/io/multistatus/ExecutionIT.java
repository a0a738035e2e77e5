package io.multistatus;

import static io.multistatus.support.Envelopes.batch;
import static io.multistatus.support.Envelopes.gets;
import static io.multistatus.support.Envelopes.item;
import static io.multistatus.support.Envelopes.statuses;
import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.support.TestServer;
import jakarta.servlet.AsyncContext;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("container")
class ExecutionIT {
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();

    /** Counts how many run at once, and writes down the order. */
    private TestServer server(int maxConcurrency) {
        return TestServer.create()
                .batch(config -> config.maxConcurrency(maxConcurrency))
                .servlet("/task/*", (request, response) -> {
                    mostAtOnce.accumulateAndGet(running.incrementAndGet(), Math::max);
                    log.add(request.getMethod() + request.getPathInfo());
                    TimeUnit.MILLISECONDS.sleep(20);
                    running.decrementAndGet();
                    response.setStatus(request.getPathInfo().startsWith("/fail") ? 409 : 200);
                });
    }

    private static String entry(String id, String method, String url, String... dependsOn) {
        String dependencies =
                dependsOn.length == 0 ? "" : ",\"dependsOn\":[\"" + String.join("\",\"", dependsOn) + "\"]";
        return "{\"id\":\"" + id + "\",\"method\":\"" + method + "\",\"url\":\"" + url + "\"" + dependencies + "}";
    }

    @Test
    void parallelItemsMeetEachOther() throws Exception {
        CyclicBarrier meeting = new CyclicBarrier(4);
        try (TestServer server = TestServer.create()
                .batch()
                .servlet("/meet", (request, response) -> meeting.await(20, TimeUnit.SECONDS))
                .start()) {
            assertThat(statuses(server.post(gets("/meet", "/meet", "/meet", "/meet"), "Prefer", "execution=parallel")))
                    .containsOnly(200);
        }
    }

    @Test
    void safeItemsMeetEachOtherInTheDefaultOrderToo() throws Exception {
        CyclicBarrier meeting = new CyclicBarrier(3);
        try (TestServer server = TestServer.create()
                .batch()
                .servlet("/meet", (request, response) -> meeting.await(20, TimeUnit.SECONDS))
                .start()) {
            assertThat(statuses(server.post(gets("/meet", "/meet", "/meet")))).containsOnly(200);
        }
    }

    @Test
    void sequentialItemsNeverOverlapAndKeepTheirOrder() throws Exception {
        try (TestServer server = server(8).start()) {
            HttpResponse<String> response =
                    server.post(gets("/task/1", "/task/2", "/task/3", "/task/4"), "Prefer", "execution=sequential");

            assertThat(response.headers().firstValue("Preference-Applied")).hasValue("execution=sequential");
            assertThat(mostAtOnce).hasValue(1);
            assertThat(log).containsExactly("GET/1", "GET/2", "GET/3", "GET/4");
        }
    }

    @Test
    void unsafeItemsAreBarriersInTheDefaultOrder() throws Exception {
        try (TestServer server = server(8).start()) {
            server.post(batch(
                    entry("1", "GET", "/task/1"),
                    entry("2", "GET", "/task/2"),
                    entry("3", "POST", "/task/3"),
                    entry("4", "DELETE", "/task/4"),
                    entry("5", "GET", "/task/5"),
                    entry("6", "GET", "/task/6"),
                    entry("7", "PUT", "/task/7")));

            assertThat(log.subList(0, 2)).containsExactlyInAnyOrder("GET/1", "GET/2");
            assertThat(log.subList(2, 4)).containsExactly("POST/3", "DELETE/4");
            assertThat(log.subList(4, 6)).containsExactlyInAnyOrder("GET/5", "GET/6");
            assertThat(log.get(6)).isEqualTo("PUT/7");
        }
    }

    @Test
    void noMoreItemsRunAtOnceThanMaxConcurrencySays() throws Exception {
        try (TestServer server = server(3).start()) {
            String[] urls = new String[20];
            java.util.Arrays.setAll(urls, i -> "/task/" + i);
            assertThat(statuses(server.post(gets(urls), "Prefer", "execution=parallel")))
                    .hasSize(20);
            assertThat(mostAtOnce.get()).isBetween(2, 3);
        }
    }

    @Test
    void anItemWhoseDependencyFailedDoesNotRunAndNamesIt() throws Exception {
        try (TestServer server = server(8).start()) {
            HttpResponse<String> response = server.post(batch(
                    entry("a", "POST", "/task/a"),
                    entry("b", "POST", "/task/fail-b"),
                    entry("c", "GET", "/task/c", "a"),
                    entry("d", "GET", "/task/d", "a", "b"),
                    entry("e", "GET", "/task/e", "d")));

            assertThat(statuses(response)).containsExactly(200, 409, 200, 424, 424);
            assertThat(item(response, "d").path("body").path("type").asText())
                    .isEqualTo("urn:multistatus:failed-dependency");
            assertThat(item(response, "d").path("body").path("dependency").asText())
                    .isEqualTo("b");
            assertThat(item(response, "e").path("body").path("dependency").asText())
                    .isEqualTo("d");
            assertThat(log).containsExactlyInAnyOrder("POST/a", "POST/fail-b", "GET/c");
        }
    }

    @Test
    void aRedirectCountsAsSuccessForThoseWhoDependOnIt() throws Exception {
        try (TestServer server = server(8)
                .servlet("/moved", (request, response) -> response.sendRedirect("/task/elsewhere"))
                .start()) {
            HttpResponse<String> response =
                    server.post(batch(entry("a", "GET", "/moved"), entry("b", "GET", "/task/b", "a")));

            assertThat(statuses(response)).containsExactly(302, 200);
            assertThat(item(response, "a").path("headers").path("Location").asText())
                    .endsWith("/task/elsewhere");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"continue-on-error=false", "odata.continue-on-error=false"})
    void aBatchThatDoesNotContinueOnErrorsStopsAtTheFirst(String preference) throws Exception {
        try (TestServer server = server(8).start()) {
            HttpResponse<String> response =
                    server.post(gets("/task/1", "/task/fail-2", "/task/3", "/task/4"), "Prefer", preference);

            assertThat(statuses(response)).containsExactly(200, 409, 424, 424);
            assertThat(item(response, "3").path("body").path("type").asText()).isEqualTo("urn:multistatus:aborted");
            assertThat(log).containsExactly("GET/1", "GET/fail-2");
            assertThat(response.headers().firstValue("Preference-Applied")).hasValue(preference);
        }
    }

    @Test
    void asyncItemsOverlapAndCompleteFromForeignThreads() throws Exception {
        try (TestServer server = TestServer.create(8, "/")
                .batch()
                .servlet("/async", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    mostAtOnce.accumulateAndGet(running.incrementAndGet(), Math::max);
                    java.util.concurrent.CompletableFuture.delayedExecutor(
                                    100, TimeUnit.MILLISECONDS, ForkJoinPool.commonPool())
                            .execute(() -> {
                                running.decrementAndGet();
                                response.setStatus(202);
                                async.complete();
                            });
                })
                .start()) {
            String[] urls = new String[30];
            java.util.Arrays.fill(urls, "/async");
            assertThat(statuses(server.post(gets(urls)))).hasSize(30).containsOnly(202);
            assertThat(mostAtOnce.get()).isBetween(2, 8);
        }
    }

    @Test
    void aChainThatIsNotAsyncIsServedByAThreadThatWaits() throws Exception {
        CyclicBarrier meeting = new CyclicBarrier(2);
        try (TestServer server = TestServer.create()
                .filter((request, response, chain) -> chain.doFilter(request, response), false)
                .batch(config -> config.itemTimeout(Duration.ofSeconds(20)))
                .servlet("/meet", (request, response) -> meeting.await(10, TimeUnit.SECONDS))
                .servlet("/after", (request, response) -> response.setStatus(201))
                .start()) {
            HttpResponse<String> response = server.post(batch(
                    entry("1", "GET", "/meet"),
                    entry("2", "GET", "/meet"),
                    entry("3", "POST", "/after"),
                    entry("4", "POST", "/after")));

            assertThat(statuses(response)).containsExactly(200, 200, 201, 201);
        }
    }

    @Test
    void aGroupThatWouldNeedATransactionIs501AndNoneOfItRuns() throws Exception {
        try (TestServer server = server(8).start()) {
            HttpResponse<String> response = server.post(batch(
                    "{\"id\":\"1\",\"method\":\"POST\",\"url\":\"/task/1\",\"atomicityGroup\":\"g\"}",
                    "{\"id\":\"2\",\"method\":\"GET\",\"url\":\"/task/2\",\"atomicityGroup\":\"g\"}",
                    "{\"id\":\"3\",\"method\":\"POST\",\"url\":\"/task/3\",\"atomicityGroup\":\"alone\"}",
                    entry("4", "GET", "/task/4", "g")));

            assertThat(statuses(response)).containsExactly(501, 501, 200, 424);
            assertThat(log).containsExactly("POST/3");
        }
    }
}
