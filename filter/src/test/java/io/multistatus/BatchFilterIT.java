package io.multistatus;

import static io.multistatus.support.Envelopes.batch;
import static io.multistatus.support.Envelopes.gets;
import static io.multistatus.support.Envelopes.item;
import static io.multistatus.support.Envelopes.statuses;
import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.support.Envelopes;
import io.multistatus.support.TestServer;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("container")
class BatchFilterIT {

    @Test
    void oneRequestWithFiveItemsIsAnsweredWithFiveEntries() throws Exception {
        try (TestServer server = TestServer.create()
                .batch()
                .json("/ok", 200, "{\"n\" : 1.0}")
                .json("/created", 201, "{}")
                .servlet("/denied", (request, response) -> response.sendError(401))
                .servlet("/throws", (request, response) -> {
                    throw new IllegalStateException("as planned");
                })
                .start()) {
            HttpResponse<String> response = server.post(batch(
                    "{\"id\":\"a\",\"method\":\"GET\",\"url\":\"/ok\"}",
                    "{\"id\":2,\"method\":\"post\",\"url\":\"/created\",\"body\":{}}",
                    "{\"id\":\"c\",\"method\":\"GET\",\"url\":\"/missing\"}",
                    "{\"id\":\"d\",\"method\":\"GET\",\"url\":\"/denied\"}",
                    "{\"id\":\"e\",\"method\":\"GET\",\"url\":\"/throws\"}"));

            assertThat(response.statusCode()).isEqualTo(207);
            assertThat(statuses(response)).containsExactly(200, 201, 404, 401, 500);
            assertThat(response.body()).contains("\"body\":{\"n\" : 1.0}");
            assertThat(item(response, "a").path("message").asText()).isEqualTo("OK");
            assertThat(item(response, "2").path("id").isNumber()).isTrue();
            assertThat(Envelopes.of(response).path("summary").path("failed").asInt())
                    .isEqualTo(3);
            assertThat(response.headers().firstValue("Batch-Summary")).hasValue("total=5, succeeded=2, failed=3");
        }
    }

    @Test
    void fourThousandQuickItemsOverEightThreadsAllComplete() throws Exception {
        try (TestServer server =
                TestServer.create(8, "/").batch().json("/ok", 200, "{}").start()) {
            String[] urls = new String[50];
            java.util.Arrays.fill(urls, "/ok");
            var all = java.util.stream.IntStream.range(0, 200)
                    .mapToObj(i -> server.postAsync(gets(urls)))
                    .toList();
            for (var one : all) {
                assertThat(statuses(one.get())).hasSize(50).containsOnly(200);
            }
        }
    }
}
