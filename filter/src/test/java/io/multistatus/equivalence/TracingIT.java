package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multistatus.BatchConfig;
import io.multistatus.BatchConfigBuilder;
import io.multistatus.TracingChoice;
import io.multistatus.opentelemetry.TracingListener;
import io.multistatus.support.Envelopes;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Batches as the spans of a trace: what is below what, and what handlers learn of it. */
@Tag("container")
@Tag("equivalence")
class TracingIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CLIENT = "00f067aa0ba902b7";
    private static final String TRACEPARENT = "00-" + TRACE + "-" + CLIENT + "-01";
    private static final String OTHER_TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String OTHER_CLIENT = "b7ad6b7169203331";

    private static final ContextKey<String> OF_THE_AGENT = ContextKey.named("request");

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .build())
            .setPropagators(ContextPropagators.create(TextMapPropagator.composite(
                    W3CTraceContextPropagator.getInstance(), W3CBaggagePropagator.getInstance())))
            .build();
    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch hanging = new CountDownLatch(1);
    private final AtomicInteger tries = new AtomicInteger();
    private @Nullable HandlerHost host;

    private void start(BatchConfigBuilder config, Filter... inFront) throws IOException {
        Map<String, HandlerHost.Handler> handlers = new HashMap<>();
        handlers.put("echo", TracingIT::write);
        handlers.put("key", (request, response) -> {
            response.setContentType("text/plain");
            response.getWriter().write(String.valueOf(Context.current().get(OF_THE_AGENT)));
        });
        handlers.put("broken", (request, response) -> response.setStatus(500));
        handlers.put("gone", (request, response) -> response.setStatus(404));
        handlers.put("hangs", (request, response) -> {
            hanging.countDown();
            release.await(60, TimeUnit.SECONDS);
        });
        handlers.put("flaky", (request, response) -> {
            if (tries.getAndIncrement() == 0) {
                response.setStatus(503);
            } else {
                write(request, response);
            }
        });
        handlers.put("async", (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.ASYNC) {
                write(request, response);
                return;
            }
            AsyncContext context = request.startAsync();
            new Thread(context::dispatch).start();
        });
        host = HandlerHost.start(config.build(), handlers, inFront);
    }

    private BatchConfigBuilder traced() {
        return BatchConfig.builder().listener(new TracingListener(sdk)).itemTimeout(Duration.ofSeconds(1));
    }

    @AfterEach
    void stop() throws IOException {
        release.countDown();
        if (host != null) {
            host.close();
        }
        sdk.close();
    }

    /** What the handler has been told, and what it finds. */
    private static void write(HttpServletRequest request, HttpServletResponse response) throws IOException {
        SpanContext current = Span.current().getSpanContext();
        response.setContentType("text/plain");
        response.getWriter()
                .write(String.join(
                        " ",
                        String.valueOf(request.getHeader("traceparent")),
                        traceparent(current),
                        String.valueOf(request.getHeader("tracestate")),
                        String.valueOf(request.getHeader("baggage"))));
    }

    private HttpResponse<String> post(String batch, String... fields) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + Objects.requireNonNull(host).port() + "/app/batch"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(batch));
        if (fields.length > 0) {
            request.headers(fields);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String get(String id, String path, String more) {
        return "{\"id\":\"" + id + "\",\"method\":\"GET\",\"url\":\"/app/" + path + "\"" + more + "}";
    }

    private static String get(String id, String path) {
        return get(id, path, "");
    }

    /** The batch's span, once it has ended: then all of its items' have. What befalls threads of a container that stops is its own. */
    private SpanData batchSpan() {
        await().dontCatchUncaughtExceptions()
                .until(() -> exporter.getFinishedSpanItems().stream()
                        .anyMatch(span -> span.getName().equals("batch")));
        return exporter.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals("batch"))
                .findFirst()
                .orElseThrow();
    }

    private SpanData item(String id) {
        return exporter.getFinishedSpanItems().stream()
                .filter(span -> id.equals(text(span, "multistatus.item.id")))
                .findFirst()
                .orElseThrow();
    }

    private static @Nullable String text(SpanData span, String attribute) {
        return span.getAttributes().get(AttributeKey.stringKey(attribute));
    }

    private static @Nullable Boolean dispatched(SpanData span) {
        return span.getAttributes().get(AttributeKey.booleanKey("multistatus.item.dispatched"));
    }

    private static String[] seen(HttpResponse<String> response, String id) {
        return Envelopes.item(response, id).path("body").asText().split(" ");
    }

    private static String parentOf(SpanData span) {
        return traceparent(span.getSpanContext());
    }

    private static String traceparent(SpanContext context) {
        return "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                + context.getTraceFlags().asHex();
    }

    @Test
    void aBatchOfFiveIsASpanWithFiveBelowIt() throws Exception {
        start(traced());
        HttpResponse<String> response = post(
                Envelopes.batch(
                        get("ok", "echo"),
                        get("missing", "gone"),
                        get("broken", "broken"),
                        get("slow", "hangs"),
                        get("skipped", "echo", ",\"dependsOn\":[\"broken\"]")),
                "traceparent",
                TRACEPARENT,
                "tracestate",
                "vendor=1",
                "baggage",
                "user=ada");
        assertThat(Envelopes.statuses(response)).containsExactly(200, 404, 500, 504, 424);

        SpanData batch = batchSpan();
        List<SpanData> all = exporter.getFinishedSpanItems();
        assertThat(all).hasSize(6).allMatch(span -> span.getTraceId().equals(TRACE));
        assertThat(new HashSet<>(all.stream().map(SpanData::getSpanId).toList()))
                .hasSize(6)
                .doesNotContain(CLIENT);
        assertThat(batch.getParentSpanId()).isEqualTo(CLIENT);
        assertThat(batch.getAttributes().get(AttributeKey.longKey("multistatus.batch.items")))
                .isEqualTo(5);
        assertThat(batch.getAttributes().get(AttributeKey.longKey("multistatus.batch.failed")))
                .isEqualTo(4);
        assertThat(batch.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        for (String id : List.of("ok", "missing", "broken", "slow", "skipped")) {
            assertThat(item(id).getParentSpanId()).as(id).isEqualTo(batch.getSpanId());
            assertThat(item(id).getName()).isEqualTo("GET");
            assertThat(item(id).getLinks()).isEmpty();
        }

        assertThat(seen(response, "ok"))
                .containsExactly(parentOf(item("ok")), parentOf(item("ok")), "vendor=1", "user=ada");
        assertThat(item("ok").getAttributes().get(AttributeKey.longKey("http.response.status_code")))
                .isEqualTo(200);
        assertThat(item("missing").getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(text(item("broken"), "error.type")).isEqualTo("500");
        assertThat(item("broken").getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(text(item("slow"), "error.type")).isEqualTo("timeout");
        assertThat(item("slow").getEvents()).extracting(EventData::getName).containsExactly("timeout");
        assertThat(dispatched(item("slow"))).isTrue();
        assertThat(text(item("skipped"), "error.type")).isEqualTo("failed-dependency");
        assertThat(dispatched(item("skipped"))).isFalse();
    }

    @Test
    void handlersFindTheirItemsSpanInAsyncDispatchesToo() throws Exception {
        start(traced());
        HttpResponse<String> response = post(Envelopes.batch(get("a", "async"), get("b", "async")));
        batchSpan();
        for (String id : List.of("a", "b")) {
            assertThat(seen(response, id)).startsWith(parentOf(item(id)), parentOf(item(id)));
        }
    }

    @Test
    void nothingStaysCurrentBehindAnItem() throws Exception {
        start(traced());
        post(Envelopes.batch(get("a", "echo"), get("b", "async"), get("c", "hangs")));
        release.countDown();
        for (int i = 0; i < 20; i++) {
            String alone = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                            + Objects.requireNonNull(host).port() + "/app/echo"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            assertThat(alone.split(" ")).containsExactly("null", traceparent(SpanContext.getInvalid()), "null", "null");
        }
    }

    @Test
    void anItemThatItsClientTracesIsBelowThatAndLinkedToTheBatch() throws Exception {
        start(traced());
        HttpResponse<String> response = post(
                Envelopes.batch(
                        get(
                                "own",
                                "echo",
                                ",\"headers\":{\"traceparent\":\"00-" + OTHER_TRACE + "-" + OTHER_CLIENT
                                        + "-01\",\"baggage\":\"user=bob\"}"),
                        get("own-baggage", "echo", ",\"headers\":{\"baggage\":\"user=bob\"}")),
                "traceparent",
                TRACEPARENT,
                "baggage",
                "user=ada");
        SpanData batch = batchSpan();
        SpanData own = item("own");
        assertThat(own.getTraceId()).isEqualTo(OTHER_TRACE);
        assertThat(own.getParentSpanId()).isEqualTo(OTHER_CLIENT);
        assertThat(own.getLinks())
                .extracting(LinkData::getSpanContext)
                .extracting(SpanContext::getSpanId)
                .containsExactly(batch.getSpanId());
        assertThat(seen(response, "own")).containsExactly(parentOf(own), parentOf(own), "null", "user=bob");
        assertThat(item("own-baggage").getParentSpanId()).isEqualTo(batch.getSpanId());
        assertThat(seen(response, "own-baggage")[3]).isEqualTo("user=bob");
    }

    /** As an agent does. */
    @Test
    void theBatchIsBelowTheSpanThatIsCurrent() throws Exception {
        Span server = sdk.getTracer("agent").spanBuilder("POST /batch").startSpan();
        start(traced(), agent(server));
        post(Envelopes.batch(get("a", "gone")), "traceparent", TRACEPARENT);
        server.end();
        assertThat(batchSpan().getParentSpanId())
                .isEqualTo(server.getSpanContext().getSpanId());
    }

    /** An agent takes a request for a part of that whose keys are current, and gives it no span of its own. */
    @Test
    void whatElseIsCurrentForTheBatchIsNotForItsItems() throws Exception {
        Span server = sdk.getTracer("agent").spanBuilder("POST /batch").startSpan();
        for (BatchConfigBuilder config : List.of(traced(), BatchConfig.builder().tracing(TracingChoice.OFF))) {
            start(config, agent(server));
            HttpResponse<String> response = post(Envelopes.batch(get("a", "key")));
            assertThat(Envelopes.item(response, "a").path("body").asText()).isEqualTo("null");
            Objects.requireNonNull(host).close();
            host = null;
        }
        server.end();
    }

    @Test
    void jobsThatWaitAreBelowTheRequestThatPostedThem() throws Exception {
        Span server = sdk.getTracer("agent").spanBuilder("POST /batch").startSpan();
        start(traced().jobs(jobs -> jobs.maxRunning(1)), agent(server));
        post(Envelopes.batch(get("first", "hangs")), "Prefer", "respond-async");
        hanging.await();
        post(Envelopes.batch(get("second", "gone")), "Prefer", "respond-async", "traceparent", TRACEPARENT);
        server.end();
        release.countDown();
        await().until(() -> exporter.getFinishedSpanItems().stream()
                        .filter(span -> span.getName().equals("batch"))
                        .count()
                == 2);
        assertThat(exporter.getFinishedSpanItems())
                .filteredOn(span -> span.getName().equals("batch"))
                .extracting(SpanData::getParentSpanId)
                .containsOnly(server.getSpanContext().getSpanId());
        assertThat(item("second").getTraceId())
                .isEqualTo(server.getSpanContext().getTraceId());
    }

    @Test
    void aMethodThatGoesOnAndOnDoesNotStayInMemory() throws Exception {
        start(traced());
        post(Envelopes.batch("{\"id\":\"a\",\"method\":\"" + "A".repeat(100_000) + "\",\"url\":\"/app/gone\"}"));
        batchSpan();
        item("a")
                .getAttributes()
                .forEach((name, value) -> assertThat(value.toString()).hasSizeLessThan(200));
    }

    /** What an agent does at the request of a batch. */
    private static Filter agent(Span server) {
        return new Agent((request, response, chain) -> {
            boolean batch = request instanceof HttpServletRequest http
                    && http.getRequestURI().endsWith("/batch");
            Context context =
                    batch ? Context.current().with(OF_THE_AGENT, "batch").with(server) : Context.current();
            try (Scope scope = context.makeCurrent()) {
                assertThat(scope).isNotNull();
                chain.doFilter(request, response);
            }
        });
    }

    /** A class with a name, by which filters are registered. */
    private record Agent(Filter target) implements Filter {
        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            target.doFilter(request, response, chain);
        }
    }

    @Test
    void aJobIsPartOfTheTraceOfItsRequestAndAnItemIsOneSpanHoweverOftenItIsTried() throws Exception {
        start(traced().jobs(jobs -> jobs.retries(1)));
        HttpResponse<String> accepted = post(
                Envelopes.batch(get("a", "flaky"), get("b", "echo")),
                "Prefer",
                "respond-async",
                "traceparent",
                TRACEPARENT);
        assertThat(accepted.statusCode()).isEqualTo(202);
        SpanData batch = batchSpan();
        assertThat(batch.getTraceId()).isEqualTo(TRACE);
        assertThat(batch.getParentSpanId()).isEqualTo(CLIENT);
        assertThat(batch.getAttributes().get(AttributeKey.booleanKey("multistatus.batch.job")))
                .isTrue();
        assertThat(item("a").getParentSpanId()).isEqualTo(batch.getSpanId());
        assertThat(item("a").getEvents()).extracting(EventData::getName).containsExactly("postponed");
        assertThat(item("a").getAttributes().get(AttributeKey.longKey("http.response.status_code")))
                .isEqualTo(200);
        assertThat(exporter.getFinishedSpanItems()).hasSize(3);
    }

    @Test
    void withoutTracingItemsInheritTheTraceAsItCame() throws Exception {
        start(BatchConfig.builder());
        HttpResponse<String> response = post(
                Envelopes.batch(get("a", "echo")),
                "traceparent",
                TRACEPARENT,
                "tracestate",
                "vendor=1",
                "baggage",
                "user=ada");
        String[] seen = seen(response, "a");
        assertThat(seen[0]).isEqualTo(TRACEPARENT);
        assertThat(seen[2]).isEqualTo("vendor=1");
        assertThat(seen[3]).isEqualTo("user=ada");
    }

    @Test
    void spansOfAnAppThatStopsEnd() throws Exception {
        start(traced().itemTimeout(Duration.ofMinutes(1)));
        CompletableFuture<HttpResponse<String>> answer =
                Objects.requireNonNull(host).postAsync(get("a", "hangs"));
        HandlerHost stopping = Objects.requireNonNull(host);
        hanging.await();
        Thread closing = new Thread(() -> {
            try {
                stopping.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        closing.start();
        host = null;
        stopping.awaitEndOfFilter();
        release.countDown();
        batchSpan();
        assertThat(text(item("a"), "error.type")).isEqualTo("stopping");
        closing.join();
        // With an answer or without one, as the container stops.
        assertThat(answer.handle((response, failure) -> true).join()).isTrue();
    }
}
