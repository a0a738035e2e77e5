package io.multistatus.demo;

import static io.multistatus.demo.Visitor.header;
import static io.multistatus.demo.Visitor.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The ports by which the shop is further away. */
class DelaysIT {
    @RegisterExtension
    static final RunningDemo demo = RunningDemo.with("--rtt", "20,80");

    private final Visitor near = demo.visitor();
    private final Visitor far = new Visitor(demo.server().url(port(80)));

    private static int port(int rttMillis) {
        return demo.server().delays().stream()
                .filter(delay -> delay.rttMillis() == rttMillis)
                .findFirst()
                .orElseThrow()
                .port();
    }

    @Test
    void thePageLearnsOfThem() {
        HttpResponse<String> response = near.get("/api/delays");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
        JsonNode answer = json(response);
        assertThat(answer.path("port").asInt()).isEqualTo(demo.server().port());
        assertThat(answer.path("delays").toString())
                .isEqualTo("[{\"rttMillis\":20,\"port\":%d},{\"rttMillis\":80,\"port\":%d}]", port(20), port(80));
        assertThat(json(far.get("/api/delays"))).isEqualTo(answer);
    }

    @Test
    void theFirstAnswerTakesTwoRoundTripsAndEachFurtherOneMore() {
        long start = System.nanoTime();
        for (int requests = 1; requests <= 3; requests++) {
            assertThat(far.get("/api/tiny").statusCode()).isEqualTo(200);
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))
                    .isGreaterThanOrEqualTo((1 + requests) * 80L);
        }
    }

    @Test
    void pagesFromThereMayPostBatchesThere() {
        String origin = demo.server().url(port(80));

        HttpResponse<String> batch = far.postJson("/batch", Banner.BATCH, "Origin", origin);
        assertThat(batch.statusCode()).isEqualTo(207);
        assertThat(Envelope.statuses(batch)).containsExactly(200, 201, 404, 401);
        // To the browser each port is an origin of its own.
        assertThat(near.postJson("/batch", Banner.BATCH, "Origin", origin).statusCode())
                .isEqualTo(403);
    }

    @Test
    void aSessionIsTheSameByEachPort() {
        String cookie = header(near.logIn(), "Set-Cookie").replaceAll(";.*", "");

        assertThat(far.get("/api/me", "Cookie", cookie).statusCode()).isEqualTo(200);
        assertThat(far.get("/api/me").statusCode()).isEqualTo(401);
    }

    @Test
    void muchIsAnsweredIntact() {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            items.add("{\"id\": %d, \"method\": \"GET\", \"url\": \"/api/products\"}".formatted(i));
        }
        String batch = "{\"requests\": [" + String.join(",", items) + "]}";

        assertThat(Envelope.statuses(far.postJson("/batch", batch)))
                .hasSize(100)
                .containsOnly(200);
    }
}
