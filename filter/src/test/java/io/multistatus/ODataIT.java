package io.multistatus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.execution.ExecutionMode;
import io.multistatus.support.Envelopes;
import io.multistatus.support.TestServer;
import io.multistatus.transaction.BatchTransaction;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The endpoint for clients of OData and of Microsoft Graph. */
@Tag("container")
class ODataIT {
    private static final String BATCH = "/v1.0/$batch";
    private static final String MULTIPART = "multipart/mixed; boundary=b";

    private final List<String> done = new CopyOnWriteArrayList<>();
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.create()
                .batch(config -> config.odataPath(BATCH).urlBase("/v1.0").transaction(new Counted()))
                .servlet("/v1.0/Orders/*", this::answer)
                .servlet("/outside/*", this::answerOutside)
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getPathInfo() == null ? "" : request.getPathInfo();
        done.add(request.getMethod() + path);
        response.setContentType(path.contains("text") ? "text/plain" : "application/json");
        response.setStatus(path.contains("bad") ? 409 : 200);
        String created = path.equals("/first") || path.equals("/second") ? "of-" + path.substring(1) : "7";
        response.setHeader("Location", server.uri("/v1.0/Orders/" + created).toString());
        response.getOutputStream().print(path.contains("text") ? "hi" : "{\"a\": 1}");
    }

    private void answerOutside(HttpServletRequest request, HttpServletResponse response) {
        done.add(request.getRequestURI());
        if (request.getMethod().equals("POST")) {
            response.setHeader("Location", "/outside/made");
        }
    }

    private final class Counted implements BatchTransaction {
        @Override
        public Running begin(Duration limit) {
            done.add("begin");
            return new Running() {
                @Override
                public void commit() {
                    done.add("commit");
                }

                @Override
                public void rollback() {
                    done.add("rollback");
                }
            };
        }
    }

    private HttpResponse<String> json(String... items) throws Exception {
        return server.postTo(BATCH, Envelopes.batch(items), "Prefer", "multi-status=207");
    }

    private HttpResponse<String> multipart(String prefer, String... lines) throws Exception {
        return server.postTo(BATCH, String.join("\r\n", lines), "Content-Type", MULTIPART, "Prefer", prefer);
    }

    /** With the random parts of boundaries left out. */
    private static List<String> lines(HttpResponse<String> response) {
        String uuid = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
        return List.of(Pattern.compile("\r\n").split(response.body().replaceAll(uuid, "")));
    }

    /** Regression: urlBase was put before the path that the host had given, or that the first item had gone to. */
    @Test
    void nothingIsPutBeforeUrlsThatTheHostGave() throws Exception {
        String get = "{\"id\":\"%s\",\"method\":\"GET\",\"url\":\"%s\",\"dependsOn\":[\"%s\"]}";
        HttpResponse<String> response = json(
                "{\"id\":\"1\",\"method\":\"GET\",\"url\":\"" + server.uri("/outside/there") + "\"}",
                get.formatted("2", "$1", "1"),
                "{\"id\":\"3\",\"method\":\"POST\",\"url\":\"" + server.uri("/outside/new") + "\"}",
                get.formatted("4", "$3", "3"),
                get.formatted("5", "$3/rest", "4\",\"3"),
                get.formatted("6", "{$3.header.Location}", "5\",\"3"),
                get.formatted("7", "/Orders/7", "6"));

        assertThat(Envelopes.statuses(response)).containsExactly(200, 200, 200, 200, 200, 200, 200);
        assertThat(done)
                .containsExactlyInAnyOrder(
                        "/outside/there",
                        "/outside/there",
                        "/outside/new",
                        "/outside/made",
                        "/outside/made/rest",
                        "/outside/made",
                        "GET/7");
    }

    @Test
    void jsonHasTheMembersOfTheSpecificationOnly() throws Exception {
        HttpResponse<String> response = json(
                "{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/Orders/text\"}",
                "{\"id\":\"2\",\"method\":\"post\",\"url\":\"Orders\",\"atomicityGroup\":\"g\",\"body\":{}}",
                "{\"id\":\"3\",\"method\":\"GET\",\"url\":\"$2\",\"dependsOn\":[\"2\"]}",
                "{\"id\":\"4\",\"method\":\"DELETE\",\"url\":\"Orders/bad\"}",
                "{\"id\":\"5\",\"method\":\"GET\",\"url\":\"/v1.0/Orders/5\"}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().map()).doesNotContainKeys("batch-summary", "preference-applied");
        JsonNode envelope = Envelopes.of(response);
        assertThat(envelope.fieldNames()).toIterable().containsExactly("responses");
        assertThat(Envelopes.statuses(response)).containsExactly(200, 200, 200, 409, 200);
        JsonNode text = envelope.path("responses").get(0);
        assertThat(text.fieldNames()).toIterable().containsExactly("id", "status", "headers", "body");
        assertThat(text.path("body").asText()).isEqualTo("hi");
        assertThat(text.path("headers").path("Content-Type").asText()).startsWith("text/plain");
        JsonNode grouped = envelope.path("responses").get(1);
        assertThat(grouped.fieldNames())
                .toIterable()
                .containsExactly("id", "status", "atomicityGroup", "headers", "body");
        assertThat(done).containsExactlyInAnyOrder("GET/text", "POST", "GET/7", "DELETE/bad", "GET/5");
    }

    @Test
    void whatItSaysOfItselfIsTrueThere() throws Exception {
        JsonNode document = Envelopes.of(server.send("GET", "/v1.0/$batch"));
        assertThat(document.path("streams").toString()).isEqualTo("[\"application/x-ndjson\"]");
        assertThat(document.path("features").toString()).contains("dependsOn").doesNotContain("multi-status");
    }

    @Test
    void anIdThatIsANumberIsRefused() throws Exception {
        HttpResponse<String> response = json("{\"id\":1,\"method\":\"GET\",\"url\":\"Orders\"}");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("Item #1 has an id that is no string, but an integer");
    }

    @Test
    void aChangeSetIsAnsweredByAMultipart() throws Exception {
        HttpResponse<String> response = multipart(
                "wait=1",
                "--b",
                "Content-Type: multipart/mixed; boundary=c",
                "",
                "--c",
                "Content-ID: 1",
                "",
                "POST Orders HTTP/1.1",
                "",
                "--c",
                "Content-ID: <2>",
                "",
                "DELETE $1/Lines HTTP/1.1",
                "",
                "--c--",
                "--b",
                "",
                "GET Orders/text HTTP/1.1",
                "",
                "--b--");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().map()).doesNotContainKey("batch-summary");
        assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                .matches("multipart/mixed; boundary=batchresponse_[0-9a-f-]{36}");
        assertThat(lines(response))
                .containsExactly(
                        "--batchresponse_",
                        "Content-Type: multipart/mixed; boundary=changesetresponse_",
                        "",
                        "--changesetresponse_",
                        "Content-Type: application/http",
                        "Content-ID: 1",
                        "",
                        "HTTP/1.1 200 OK",
                        "Content-Type: application/json",
                        "Location: " + server.uri("/v1.0/Orders/7"),
                        "Content-Length: 8",
                        "",
                        "{\"a\": 1}",
                        "--changesetresponse_",
                        "Content-Type: application/http",
                        "Content-ID: <2>",
                        "",
                        "HTTP/1.1 200 OK",
                        "Content-Type: application/json",
                        "Location: " + server.uri("/v1.0/Orders/7"),
                        "Content-Length: 8",
                        "",
                        "{\"a\": 1}",
                        "--changesetresponse_--",
                        "--batchresponse_",
                        "Content-Type: application/http",
                        "",
                        "HTTP/1.1 200 OK",
                        "Content-Type: text/plain",
                        "Location: " + server.uri("/v1.0/Orders/7"),
                        "Content-Length: 2",
                        "",
                        "hi",
                        "--batchresponse_--");
        assertThat(done).containsExactly("begin", "POST", "DELETE/7/Lines", "commit", "GET/text");
    }

    @Test
    void contentIdsMayBeCountedAnewInEachChangeSet() throws Exception {
        List<String> body = new ArrayList<>();
        for (String order : List.of("first", "second")) {
            body.addAll(List.of(
                    "--b",
                    "Content-Type: multipart/mixed; boundary=c",
                    "",
                    "--c",
                    "Content-ID: 1",
                    "",
                    "POST Orders/" + order + " HTTP/1.1",
                    "",
                    "--c",
                    "Content-ID: 2",
                    "",
                    "PUT $1/lines HTTP/1.1",
                    "",
                    "--c--"));
        }
        body.addAll(List.of("--b", "Content-ID: 3", "", "GET $1 HTTP/1.1", "", "--b--"));
        HttpResponse<String> response = multipart("continue-on-error", body.toArray(String[]::new));

        assertThat(lines(response))
                .filteredOn(line -> line.startsWith("HTTP") || line.startsWith("Content-ID"))
                .containsExactly(
                        "Content-ID: 1",
                        "HTTP/1.1 200 OK",
                        "Content-ID: 2",
                        "HTTP/1.1 200 OK",
                        "Content-ID: 1",
                        "HTTP/1.1 200 OK",
                        "Content-ID: 2",
                        "HTTP/1.1 200 OK",
                        "Content-ID: 3",
                        "HTTP/1.1 400 Bad Request");
        assertThat(response.body()).contains("Item '3': it refers to '1', and 2 requests before it");
        assertThat(done)
                .containsExactly(
                        "begin",
                        "POST/first",
                        "PUT/of-first/lines",
                        "commit",
                        "begin",
                        "POST/second",
                        "PUT/of-second/lines",
                        "commit");
    }

    @Test
    void aChangeSetThatFailsIsAnsweredByItsCulprit() throws Exception {
        HttpResponse<String> response = multipart(
                "odata.continue-on-error=true",
                "--b",
                "Content-Type: multipart/mixed; boundary=c",
                "",
                "--c",
                "Content-ID: 1",
                "",
                "POST Orders HTTP/1.1",
                "",
                "--c",
                "Content-ID: 2",
                "",
                "POST Orders/bad HTTP/1.1",
                "",
                "--c--",
                "--b",
                "Content-Type: multipart/mixed; boundary=c",
                "",
                "--c",
                "Content-ID: 3",
                "",
                "POST Orders/3 HTTP/1.1",
                "",
                "--c--",
                "--b--");

        assertThat(response.headers().firstValue("Preference-Applied")).hasValue("odata.continue-on-error=true");
        assertThat(lines(response))
                .filteredOn(line -> line.startsWith("HTTP") || line.startsWith("Content-ID"))
                .containsExactly("Content-ID: 2", "HTTP/1.1 409 Conflict", "Content-ID: 3", "HTTP/1.1 200 OK");
        assertThat(lines(response))
                .filteredOn(line -> line.startsWith("Content-Type: multipart"))
                .hasSize(1);
        assertThat(done).containsExactly("begin", "POST", "POST/bad", "rollback", "POST/3");
    }

    @Test
    void readsInAChangeSetStandEachForItself() throws Exception {
        HttpResponse<String> response = multipart(
                "continue-on-error",
                "--b",
                "Content-Type: multipart/mixed; boundary=c",
                "",
                "--c",
                "",
                "GET Orders/bad HTTP/1.1",
                "",
                "--c",
                "",
                "GET Orders HTTP/1.1",
                "",
                "--c--",
                "--b--");
        assertThat(lines(response))
                .filteredOn(line -> line.startsWith("HTTP"))
                .containsExactly("HTTP/1.1 409 Conflict", "HTTP/1.1 200 OK");
    }

    @ParameterizedTest
    @CsvSource({
        "respond-sync, 424",
        "continue-on-error=true, 200",
        "continue-on-error, 200",
        "odata.continue-on-error=false, 424"
    })
    void multipartStopsAtItsFirstErrorUnlessAskedNotTo(String prefer, int second) throws Exception {
        HttpResponse<String> response =
                multipart(prefer, "--b", "", "GET Orders/bad", "", "--b", "", "GET Orders/2", "", "--b--");
        assertThat(lines(response))
                .filteredOn(line -> line.startsWith("HTTP"))
                .extracting(line -> line.substring(9, 12))
                .containsExactly("409", String.valueOf(second));
    }

    /** Regression: with another order configured, what came after the failure had begun before it. */
    @Test
    void multipartStopsAtItsFirstErrorWhateverTheOrderThatIsConfigured() throws Exception {
        CountDownLatch secondHasBegun = new CountDownLatch(1);
        try (TestServer parallel = TestServer.create()
                .batch(config -> config.odataPath(BATCH).execution(ExecutionMode.PARALLEL))
                .servlet("/v1.0/bad", (request, response) -> {
                    // For as long as the other one would need if it was to begin now.
                    response.setStatus(secondHasBegun.await(500, TimeUnit.MILLISECONDS) ? 500 : 409);
                })
                .servlet("/v1.0/second", (request, response) -> secondHasBegun.countDown())
                .start()) {
            String batch = String.join("\r\n", "--b", "", "GET bad", "", "--b", "", "GET second", "", "--b--");
            HttpResponse<String> response = parallel.postTo(BATCH, batch, "Content-Type", MULTIPART);
            assertThat(lines(response))
                    .filteredOn(line -> line.startsWith("HTTP"))
                    .extracting(line -> line.substring(9, 12))
                    .containsExactly("409", "424");

            HttpResponse<String> asked = parallel.postTo(
                    BATCH, batch, "Content-Type", MULTIPART, "Prefer", "execution=parallel, continue-on-error=false");
            assertThat(lines(asked))
                    .filteredOn(line -> line.startsWith("HTTP"))
                    .extracting(line -> line.substring(9, 12))
                    .containsExactly("500", "200");
        }
    }

    @Test
    void itsStatusMayBe207() throws Exception {
        try (TestServer other = TestServer.create()
                .batch(config -> config.odataPath(BATCH).odataStatus(207))
                .start()) {
            assertThat(other.postTo(BATCH, Envelopes.batch(), "Prefer", "multi-status=200")
                            .statusCode())
                    .isEqualTo(207);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/batch", BATCH, "/v1.0/%24batch"})
    void neitherEndpointTakesTheOtherAsAnItem(String url) throws Exception {
        HttpResponse<String> response = server.post(Envelopes.batch("{\"id\":\"1\",\"method\":\"POST\",\"url\":\""
                + (url.equals("/batch") ? BATCH : url) + "\",\"body\":{\"requests\":[]}}"));
        assertThat(Envelopes.item(response, "1").path("body").path("type").asText())
                .isEqualTo("urn:multistatus:nested-batch");
        HttpResponse<String> odata = json(
                "{\"id\":\"1\",\"method\":\"POST\",\"url\":\"" + server.uri(url) + "\",\"body\":{\"requests\":[]}}");
        assertThat(Envelopes.item(odata, "1").path("body").path("type").asText())
                .isEqualTo("urn:multistatus:nested-batch");
    }

    @Test
    void theEndpointDescribesItself() throws Exception {
        assertThat(Envelopes.of(server.send("GET", BATCH)).path("formats"))
                .extracting(JsonNode::asText)
                .containsExactly("application/json", "multipart/mixed");
        assertThat(server.send("PUT", BATCH).statusCode()).isEqualTo(405);
        assertThat(Map.of("x", server.send("GET", "/v1.0/$batch/x").statusCode()))
                .containsValue(404);
    }
}
