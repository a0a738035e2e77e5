package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.BatchConfig;
import io.multistatus.BatchConfigBuilder;
import io.multistatus.IdempotencyConfig;
import io.multistatus.IdempotencyFilter;
import io.multistatus.support.Envelopes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A host whose handlers run once for each key. */
abstract class KeyedRequestsContract {
    static final String KEY = "Idempotency-Key";
    static final String REPLAYED = "Idempotency-Replayed";
    static final int PATIENCE_SECONDS = 60;

    final AtomicInteger ran = new AtomicInteger();
    final CountDownLatch release = new CountDownLatch(1);
    final Map<String, HandlerHost.Handler> handlers = new HashMap<>();

    @Nullable
    HandlerHost host;

    HandlerHost start(BatchConfigBuilder config) throws IOException {
        return start(config, IdempotencyConfig.builder().maxResponseBytes(1_000));
    }

    HandlerHost start(BatchConfigBuilder config, IdempotencyConfig.Builder idempotency) throws IOException {
        IdempotencyFilter filter = new IdempotencyFilter(idempotency.build());
        HandlerHost started = HandlerHost.start(config.build(), handlers, List.of(), List.of(filter));
        host = started;
        return started;
    }

    HandlerHost start() throws IOException {
        return start(BatchConfig.builder());
    }

    @AfterEach
    void stop() throws IOException {
        release.countDown();
        if (host != null) {
            host.close();
        }
    }

    HttpRequest.Builder request(String path, String... fields) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + host.port() + "/app/" + path))
                .timeout(Duration.ofSeconds(PATIENCE_SECONDS));
        return fields.length == 0 ? request : request.headers(fields);
    }

    HttpResponse<String> post(String path, String body, String... fields) throws Exception {
        return send(request(path, fields).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return newClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    static HttpClient newClient() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    HttpResponse<String> batch(String batch, String... fields) throws Exception {
        return send(request("batch", fields)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(batch)));
    }

    void assertReplay(HttpResponse<String> second, HttpResponse<String> first, int runs) {
        assertThat(second.statusCode()).isEqualTo(first.statusCode());
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("Content-Type"))
                .isEqualTo(first.headers().firstValue("Content-Type"));
        assertThat(first.headers().firstValue(REPLAYED)).isEmpty();
        assertThat(second.headers().firstValue(REPLAYED)).hasValue("true");
        assertThat(ran).hasValue(runs);
    }

    static void assertProblem(HttpResponse<String> response, int status, String name) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(Envelopes.of(response).path("type").asText()).isEqualTo("urn:multistatus:" + name);
    }

    void serveCarts() {
        handlers.put("carts", (request, response) -> {
            String body = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            response.setStatus(201);
            response.setHeader("Location", "/carts/" + ran.incrementAndGet());
            response.addHeader("Link", "a");
            response.addHeader("Link", "b");
            response.addHeader("Set-Cookie", "session=secret");
            response.setContentType("text/plain;charset=utf-8");
            response.getWriter().write("cart of " + body + " \u00fc");
        });
    }

    static String item(String id, String url) {
        return "{\"id\":\"" + id + "\",\"method\":\"POST\",\"url\":\"/app/" + url + "\",\"body\":\"" + id + "\"}";
    }

    static JsonNode field(HttpResponse<String> response, String id, String name) {
        return Envelopes.item(response, id).path("headers").path(name);
    }
}
