package io.multistatus.micrometer;

import static io.multistatus.support.Envelopes.batch;
import static io.multistatus.support.Envelopes.gets;
import static io.multistatus.support.Envelopes.statuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.multistatus.event.BatchListener;
import io.multistatus.event.ItemEvent;
import io.multistatus.model.Headers;
import io.multistatus.model.Subresponse;
import io.multistatus.support.Envelopes;
import io.multistatus.support.TestServer;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Metrics of batches over real HTTP. */
@Tag("container")
class MetricsIT {
    private final MeterRegistry registry = new SimpleMeterRegistry();

    /** Lets nobody in who goes to {@code /closed}. */
    private static final class Doorkeeper implements BatchListener {
        @Override
        public Optional<Subresponse> beforeItem(ItemEvent item) {
            return item.path().equals("/closed")
                    ? Optional.of(Subresponse.of(429, Headers.empty(), ByteBuffer.allocate(0)))
                    : Optional.empty();
        }
    }

    private double items(String... tags) {
        return registry.get("multistatus.items").tags(tags).counter().count();
    }

    private double refused(String problem, String setting) {
        return registry.get("multistatus.batches.refused")
                .tags("problem", problem, "setting", setting)
                .counter()
                .count();
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    @Test
    void everyWayAnItemEndsIsCounted() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (TestServer server = TestServer.create()
                .batch(config -> config.listener(new Doorkeeper())
                        .listener(new MicrometerListener(registry))
                        .maxResponseBytes(100)
                        .itemTimeout(Duration.ofSeconds(1)))
                .json("/ok", 200, "{}")
                .json("/broken", 500, "{}")
                .json("/long", 200, "\"" + "x".repeat(200) + "\"")
                .servlet("/hang", (request, response) -> release.await())
                .start()) {
            CompletableFuture<HttpResponse<String>> answer = server.postAsync(
                    batch(
                            get("a", "/ok"),
                            get("b", "/broken"),
                            "{\"id\":\"c\",\"method\":\"GET\",\"url\":\"/ok\",\"dependsOn\":[\"b\"]}",
                            get("d", "/long"),
                            get("e", "/closed"),
                            get("f", "/hang")),
                    "Content-Type",
                    "application/json");
            await().until(() -> gauge("multistatus.batches.live") == 1 && gauge("multistatus.items.running") == 1);
            assertThat(gauge("multistatus.buffered.bytes")).isPositive();
            assertThat(statuses(answer.join())).containsExactly(200, 500, 424, 507, 429, 504);

            assertThat(items("status", "2xx", "by", "host")).isEqualTo(1);
            assertThat(items("status", "5xx", "by", "host", "problem", "none")).isEqualTo(1);
            assertThat(items("by", "endpoint", "problem", "failed-dependency", "setting", "none"))
                    .isEqualTo(1);
            assertThat(items("problem", "response-too-large", "setting", "maxResponseBytes"))
                    .isEqualTo(1);
            assertThat(items("status", "4xx", "by", "listener")).isEqualTo(1);
            assertThat(items("problem", "timeout", "setting", "itemTimeout")).isEqualTo(1);
            assertThat(registry.get("multistatus.batch.duration").timer().count())
                    .isEqualTo(1);
            await().until(() -> gauge("multistatus.items.abandoned") == 1);
            assertThat(gauge("multistatus.items.running")).isZero();
            release.countDown();
            await().until(() -> gauge("multistatus.items.abandoned") == 0 && gauge("multistatus.batches.live") == 0);
            assertThat(gauge("multistatus.buffered.bytes")).isZero();
        }
        assertThat(registry.find("multistatus.batches.live").gauge()).isNull();
    }

    private static String get(String id, String url) {
        return "{\"id\":\"" + id + "\",\"method\":\"GET\",\"url\":\"" + url + "\"}";
    }

    @Test
    void everyRefusalNamesItsLimit() throws Exception {
        try (TestServer server = TestServer.create()
                .batch(config -> config.listener(new MicrometerListener(registry))
                        .maxRequests(2)
                        .maxBatchBytes(1000))
                .json("/ok", 200, "{}")
                .start()) {
            HttpResponse<String> tooMany = server.post(gets("/ok", "/ok", "/ok"));
            server.post(gets("/" + "x".repeat(2000)));
            server.post("nonsense");

            assertThat(Envelopes.of(tooMany).path("setting").asText()).isEqualTo("maxRequests");
            assertThat(Envelopes.of(tooMany).path("limit").asInt()).isEqualTo(2);
            assertThat(refused("too-many-requests", "maxRequests")).isEqualTo(1);
            assertThat(refused("batch-too-large", "maxBatchBytes")).isEqualTo(1);
            assertThat(refused("malformed-batch", "none")).isEqualTo(1);
        }
    }
}
