package io.multistatus.apps.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.support.Envelopes;
import io.multistatus.support.TestServer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients and the endpoint write to each other is as the served description says. */
class TrafficIT {
    private static final String MULTIPART = "multipart/mixed; boundary=b";

    /** Ids are strings, so that both dialects take them. */
    private static final Map<String, String> BATCHES = new TreeMap<>(Map.ofEntries(
            Map.entry(
                    "bodies",
                    Envelopes.gets("/app/json", "/app/text", "/app/xml", "/app/binary", "/app/broken", "/app/nothing")),
            Map.entry(
                    "statuses",
                    Envelopes.gets(
                            "/app/conflict", "/app/busy", "/app/boom", "/app/elsewhere", "/app/none", "/app/created")),
            Map.entry("fields", Envelopes.gets("/app/cookie", "/app/fields")),
            Map.entry("nothing", "{\"requests\": []}"),
            Map.entry("members", """
                    {"comment": 1, "requests": [
                      {"id": "a", "method": "post", "url": "/app/echo", "body": {"x": [1.50, "\\u00e9"]}, "note": {}},
                      {"id": "b", "method": "PUT", "url": "app/echo", "headers": {"content-type": "text/plain"}, "body": "text"},
                      {"id": "c", "method": "POST", "url": "/app/echo", "headers": {"Content-Type": "image/png", "X-A": ["1", "2"]}, "body": "AP8B"},
                      {"id": "d", "method": "POST", "url": "/app/echo", "bodyEncoding": "json", "body": null},
                      {"id": "e", "method": "POST", "url": "/app/echo", "bodyEncoding": "text", "body": null},
                      {"id": "f", "method": "POST", "url": "/app/echo", "bodyEncoding": "base64", "body": "_-8=", "headers": {}},
                      {"id": "g", "method": "BREW", "url": "/app/json", "headers": null, "dependsOn": null, "atomicityGroup": null, "bodyEncoding": null, "if": null}]}"""),
            Map.entry("references", """
                    {"requests": [
                      {"id": "1", "method": "POST", "url": "/app/created"},
                      {"id": "2", "method": "POST", "url": "/app/echo?of={$1.body#/id}", "body": {"of": "{$1.body#/id}"}, "dependsOn": ["1"]},
                      {"id": "3", "method": "GET", "url": "$1", "dependsOn": ["1"]},
                      {"id": "4", "method": "GET", "url": "/app/{$2.body#/none}", "dependsOn": ["2", 1]}]}"""),
            Map.entry("dependencies", """
                    {"requests": [
                      {"id": "a", "method": "GET", "url": "/app/conflict"},
                      {"id": "b", "method": "GET", "url": "/app/json", "dependsOn": ["a"]}]}"""),
            Map.entry("groups", """
                    {"requests": [
                      {"id": "a", "method": "POST", "url": "/app/created", "atomicityGroup": "one"},
                      {"id": "b", "method": "POST", "url": "/app/created", "atomicityGroup": "one"},
                      {"id": "c", "method": "POST", "url": "/app/created", "atomicityGroup": "two"},
                      {"id": "d", "method": "POST", "url": "/app/conflict", "atomicityGroup": "two"}]}""")));

    private static TestServer server;
    private static Described described;

    @BeforeAll
    static void start() throws Exception {
        server = DescribedServer.start();
        described = Described.at("/batch", server);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    static List<String> batches() {
        return List.copyOf(BATCHES.keySet());
    }

    private static String batch(String name) {
        return BATCHES.getOrDefault(name, "");
    }

    @ParameterizedTest
    @MethodSource("batches")
    void batchesAndEnvelopesAreAsDescribed(String name) throws Exception {
        described.accepts("BatchRequest", batch(name));
        HttpResponse<String> response = server.post(batch(name));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(207);
        described.accepts("/batch", "POST", response);
        HttpResponse<String> fallback = server.post(batch(name), "Prefer", "multi-status=200, execution=parallel");
        assertThat(fallback.statusCode()).isEqualTo(200);
        described.accepts("/batch", "POST", fallback);
    }

    @ParameterizedTest
    @MethodSource("batches")
    void linesAreAsDescribed(String name) throws Exception {
        HttpResponse<String> response = server.post(batch(name), "Accept", "application/x-ndjson");

        described.accepts("/batch", "POST", response);
        List<String> lines = response.body().lines().toList();
        described.accepts("StreamEnd", lines.get(lines.size() - 1));
    }

    @ParameterizedTest
    @MethodSource("batches")
    void theDialectOfODataIsAsDescribed(String name) throws Exception {
        described.accepts("ODataBatchRequest", batch(name));
        HttpResponse<String> response = server.postTo(DescribedServer.ODATA, batch(name));
        described.accepts(DescribedServer.ODATA, "POST", response);
        assertThat(response.statusCode()).isEqualTo(200);

        HttpResponse<String> lines =
                server.postTo(DescribedServer.ODATA, batch(name), "Accept", "application/x-ndjson");
        described.accepts(DescribedServer.ODATA, "POST", lines);
    }

    @Test
    void theTrafficHasAllThatAnEnvelopeCanHave() throws Exception {
        StringBuilder all = new StringBuilder();
        for (String name : batches()) {
            all.append(server.post(batch(name)).body());
            all.append(
                    server.post(batch(name), "Accept", "application/x-ndjson").body());
        }
        all.append(server.post(refused()).body());

        for (String member : List.of(
                "message", "bodyEncoding\":\"text", "bodyEncoding\":\"base64", "cookies", "refused", "retryAfter")) {
            assertThat(all).contains("\"" + member + "\"");
        }
    }

    private static String refused() {
        return Envelopes.batch(
                "{\"id\": 1, \"method\": \"GET\", \"url\": \"/app/json\", \"headers\": {\"Cookie\": \"a=b\"}}",
                "{\"id\": 2, \"method\": \"POST\", \"url\": \"/batch\", \"body\": {}}");
    }

    @Test
    void itemsThatAreRefusedAreAsDescribed() throws Exception {
        described.accepts("/batch", "POST", server.post(refused()));
        described.accepts("/batch", "POST", server.post(refused(), "Accept", "application/x-ndjson"));
    }

    @Test
    void multipartIsAsDescribed() throws Exception {
        String batch = "--b\r\nContent-Type: application/http\r\n\r\nGET /app/json\r\n\r\n--b--";
        described.accepts("/batch", "POST", server.post(batch, "Content-Type", MULTIPART));
        HttpResponse<String> lines = server.post(batch, "Content-Type", MULTIPART, "Accept", "application/x-ndjson");
        assertThat(lines.body()).contains("\"index\":0");
        described.accepts("/batch", "POST", lines);
        described.accepts(
                DescribedServer.ODATA, "POST", server.postTo(DescribedServer.ODATA, batch, "Content-Type", MULTIPART));
    }

    @Test
    void keysAndTheirReplayAreAsDescribed() throws Exception {
        String batch = Envelopes.batch("{\"id\": 1, \"method\": \"POST\", \"url\": \"/app/created\"}");
        described.accepts("/batch", "POST", server.post(batch, "Idempotency-Key", "\"k\""));
        HttpResponse<String> again = server.post(batch, "Idempotency-Key", "\"k\"");
        described.accepts("/batch", "POST", again);
        assertThat(again.body()).contains("Idempotency-Replayed");
    }

    @Test
    void refusalsAreAsDescribed() throws Exception {
        String tooMany = Envelopes.gets(
                "/app/json ".repeat(DescribedServer.MAX_REQUESTS + 1).split(" "));
        Map<Integer, HttpResponse<String>> refusals = Map.of(
                400, server.post("{\"requests\": 1}"),
                403, server.post(batch("fields"), "Origin", "https://other.example"),
                413, server.post(tooMany),
                415, server.post(batch("fields"), "Content-Type", "text/plain"));

        refusals.forEach((status, response) -> {
            assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
            described.accepts("/batch", "POST", response);
            described.accepts("Problem", response.body());
        });
        assertThat(described.faults("BatchRequest", tooMany)).isNotEmpty();
        HttpResponse<String> notAllowed = server.send("PUT", "/batch");
        assertThat(notAllowed.statusCode()).isEqualTo(405);
        described.accepts("Problem", notAllowed.body());
    }

    @Test
    void capabilitiesAndDescriptionAreAsDescribed() throws Exception {
        for (String path : List.of("/batch", DescribedServer.ODATA)) {
            described.accepts(path, "GET", server.send("GET", path));
            described.accepts(path, "GET", server.send("GET", path, "Accept", Described.MEDIA_TYPE));
        }
        assertThat(Envelopes.of(server.send("GET", DescribedServer.ODATA, "Accept", Described.MEDIA_TYPE)))
                .isEqualTo(described.document());
        described.accepts("/multistatus/batch.js", "GET", server.send("GET", "/multistatus/batch.js"));
    }

    @ParameterizedTest
    @MethodSource("batches")
    void jobsAreAsDescribed(String name) throws Exception {
        for (String path : List.of("/batch", DescribedServer.ODATA)) {
            HttpResponse<String> accepted = server.postTo(path, batch(name), "Prefer", "respond-async");
            assertThat(accepted.statusCode()).isEqualTo(202);
            described.accepts(path, "POST", accepted);
            String job = accepted.headers().firstValue("Location").orElseThrow();
            assertThat(job)
                    .isEqualTo(
                            "/batch/jobs/" + Envelopes.of(accepted).path("id").asText());

            described.accepts("/batch/jobs/{id}", "GET", server.send("GET", job, "Accept", "text/event-stream"));
            Awaitility.await().until(() -> status(job).path("state").asText().equals("done"));
            for (String accept : List.of("*/*", "application/json;view=status", "text/event-stream")) {
                described.accepts("/batch/jobs/{id}", "GET", server.send("GET", job, "Accept", accept));
            }
            described.accepts("/batch/jobs/{id}", "GET", server.send("GET", job, "Prefer", "multi-status=200"));
            HttpResponse<String> failed = server.send("GET", job + "/failed");
            described.accepts("/batch/jobs/{id}/failed", "GET", failed);
            // What could not be put in is written so that it is refused again.
            assertThat(described.faults("BatchRequest", failed.body()).isEmpty())
                    .as(failed.body())
                    .isEqualTo(!name.equals("references"));
            described.accepts("/batch/jobs/{id}", "DELETE", server.send("DELETE", job));
            HttpResponse<String> gone = server.send("GET", job);
            assertThat(gone.statusCode()).isEqualTo(404);
            described.accepts("/batch/jobs/{id}", "GET", gone);
        }
    }

    private static JsonNode status(String job) throws Exception {
        return Envelopes.of(server.send("GET", job, "Accept", "application/json;view=status"));
    }
}
