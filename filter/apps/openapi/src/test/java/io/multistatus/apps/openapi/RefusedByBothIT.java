package io.multistatus.apps.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.multistatus.support.Envelopes;
import io.multistatus.support.TestServer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schemas say no where the endpoint does, and to envelopes that it never writes. */
class RefusedByBothIT {
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"requests\": null}",
                "{\"requests\": {}}",
                "{\"requests\": [null]}",
                "{\"requests\": [[]]}",
                "{\"requests\": [{\"method\": \"GET\", \"url\": \"/app/json\"}]}",
                "{\"requests\": [{\"id\": null, \"method\": \"GET\", \"url\": \"/app/json\"}]}",
                "{\"requests\": [{\"id\": \"\", \"method\": \"GET\", \"url\": \"/app/json\"}]}",
                "{\"requests\": [{\"id\": \"a\\u0007\", \"method\": \"GET\", \"url\": \"/app/json\"}]}",
                "{\"requests\": [{\"id\": 1.5, \"method\": \"GET\", \"url\": \"/app/json\"}]}",
                "{\"requests\": [{\"id\": true, \"method\": \"GET\", \"url\": \"/app/json\"}]}",
                "{\"requests\": [{\"id\": 1, \"method\": \"GET\", \"url\": \"/app/json\", \"dependsOn\": \"2\"}]}",
                "{\"requests\": [{\"id\": 1, \"method\": \"GET\", \"url\": \"/app/json\", \"dependsOn\": [{}]}]}",
                "{\"requests\": [{\"id\": 1, \"method\": \"GET\", \"url\": \"/app/json\", \"atomicityGroup\": 3}]}"
            })
    void wholeBatches(String batch) throws Exception {
        HttpResponse<String> response = server.post(batch);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(described.faults("BatchRequest", batch)).isNotEmpty();
    }

    @Test
    void idsThatAreTooLong() throws Exception {
        for (int length : List.of(128, 129)) {
            for (String id : List.of(
                    "\"" + "a".repeat(length) + "\"",
                    "\"" + "\ud83c\udf7a".repeat(length) + "\"",
                    "1".repeat(length))) {
                String batch = "{\"requests\": [{\"id\": " + id + ", \"method\": \"GET\", \"url\": \"/app/json\"}]}";
                boolean taken = server.post(batch).statusCode() == 207;

                assertThat(taken).isEqualTo(length == 128);
                assertThat(described.faults("BatchRequest", batch).isEmpty()).isEqualTo(taken);
            }
        }
    }

    @Test
    void idsThatAreNoStringsInTheDialectOfOData() throws Exception {
        String batch = "{\"requests\": [{\"id\": 1, \"method\": \"GET\", \"url\": \"/app/json\"}]}";

        assertThat(server.postTo(DescribedServer.ODATA, batch).statusCode()).isEqualTo(400);
        assertThat(described.faults("ODataBatchRequest", batch)).isNotEmpty();
        described.accepts("BatchRequest", batch);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\": 1, \"url\": \"/app/json\"}",
                "{\"id\": 1, \"method\": null, \"url\": \"/app/json\"}",
                "{\"id\": 1, \"method\": \"GE T\", \"url\": \"/app/json\"}",
                "{\"id\": 1, \"method\": \"\", \"url\": \"/app/json\"}",
                "{\"id\": 1, \"method\": \"Trace\", \"url\": \"/app/json\"}",
                "{\"id\": 1, \"method\": \"CONNECT\", \"url\": \"/app/json\"}",
                "{\"id\": 1, \"method\": \"GET\"}",
                "{\"id\": 1, \"method\": \"GET\", \"url\": \"\"}",
                "{\"id\": 1, \"method\": \"GET\", \"url\": 7}",
                "{\"id\": 1, \"method\": \"GET\", \"url\": \"/app/json\", \"headers\": []}",
                "{\"id\": 1, \"method\": \"GET\", \"url\": \"/app/json\", \"headers\": {\"A B\": \"c\"}}",
                "{\"id\": 1, \"method\": \"GET\", \"url\": \"/app/json\", \"headers\": {\"A\": 1}}",
                "{\"id\": 1, \"method\": \"GET\", \"url\": \"/app/json\", \"headers\": {\"A\": [null]}}",
                "{\"id\": 1, \"method\": \"GET\", \"url\": \"/app/json\", \"headers\": {\"A\": \"a\\nb\"}}",
                "{\"id\": 1, \"method\": \"GET\", \"url\": \"/app/json\", \"headers\": {\"A\": \"\\u20ac\"}}",
                "{\"id\": 1, \"method\": \"POST\", \"url\": \"/app/echo\", \"bodyEncoding\": \"hex\", \"body\": \"00\"}",
                "{\"id\": 1, \"method\": \"POST\", \"url\": \"/app/echo\", \"bodyEncoding\": \"base64\", \"body\": 1}",
                "{\"id\": 1, \"method\": \"POST\", \"url\": \"/app/echo\", \"bodyEncoding\": \"text\", \"body\": {}}"
            })
    void singleItems(String item) throws Exception {
        String batch = Envelopes.batch(item, "{\"id\": \"good\", \"method\": \"GET\", \"url\": \"/app/json\"}");
        HttpResponse<String> response = server.post(batch);

        assertThat(Envelopes.statuses(response)).as(response.body()).containsExactly(400, 200);
        assertThat(described.faults("BatchRequest", batch)).isNotEmpty();
        assertThat(described.faults("Subrequest", item)).isNotEmpty();
    }

    @Test
    void envelopesThatAreNone() throws Exception {
        HttpResponse<String> response = server.post(Envelopes.gets("/app/json", "/app/text"));
        described.accepts("Envelope", response.body());

        for (Consumer<ObjectNode> change : List.<Consumer<ObjectNode>>of(
                envelope -> envelope.remove("status"),
                envelope -> envelope.put("status", 500),
                envelope -> envelope.put("status", "207"),
                envelope -> envelope.remove("responses"),
                envelope -> envelope.remove("summary"),
                envelope -> envelope.put("more", 1),
                envelope -> ((ObjectNode) envelope.path("summary")).put("total", "2"),
                envelope -> ((ObjectNode) envelope.path("summary")).put("retryable", 1),
                envelope -> second(envelope).remove("id"),
                envelope -> second(envelope).remove("headers"),
                envelope -> second(envelope).remove("message"),
                envelope -> second(envelope).put("status", 99),
                envelope -> second(envelope).put("bodyEncoding", "json"),
                envelope -> second(envelope).put("body", 7),
                envelope -> second(envelope).remove("body"),
                envelope -> second(envelope).put("refused", false),
                envelope -> second(envelope).put("cookies", "set"))) {
            JsonNode envelope = Envelopes.of(response);
            change.accept((ObjectNode) envelope);
            assertThat(described.faults("Envelope", envelope.toString()))
                    .as(envelope.toString())
                    .isNotEmpty();
        }
        assertThat(described.faults("ODataEnvelope", response.body())).isNotEmpty();
        assertThat(described.faults("StreamLine", response.body())).isNotEmpty();
    }

    private static ObjectNode second(JsonNode envelope) {
        return (ObjectNode) envelope.path("responses").path(1);
    }
}
