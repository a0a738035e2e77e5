package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.AtomicityChoice;
import io.multistatus.BatchConfig;
import io.multistatus.support.Envelopes;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What of a job has failed is posted again as it is. */
@Tag("container")
@Tag("jobs")
class FailedItemsIT extends JobContract {
    /** What has reached the handler, by the names in the paths. */
    private final Map<String, List<String>> seen = new ConcurrentHashMap<>();

    private volatile boolean healed;

    @BeforeEach
    void serve() throws Exception {
        handlers.put("ok", (request, response) -> {
            response.setStatus(201);
            response.setHeader("Location", "/app/things/7");
            response.setContentType("application/json");
            response.getWriter().write("{\"id\":7,\"s\":\"a/b \\\"c\\\"\"}");
        });
        handlers.put("sly", (request, response) -> {
            response.setContentType("application/json");
            response.getWriter().write("{\"name\":\"{$b.body}\"}");
        });
        handlers.put("shaky", (request, response) -> {
            byte[] body = request.getInputStream().readAllBytes();
            seen.computeIfAbsent(request.getPathInfo(), path -> new CopyOnWriteArrayList<>())
                    .add(String.join(
                            " ",
                            request.getMethod(),
                            Optional.ofNullable(request.getQueryString()).orElse("-"),
                            request.getContentType(),
                            request.getHeader("X-Ref"),
                            request.getHeader("Idempotency-Key"),
                            Base64.getEncoder().encodeToString(body)));
            if (!healed) {
                response.sendError(500);
                return;
            }
            response.setContentType("application/json");
            response.getWriter().write("{\"name\":\"N\"}");
        });
        startJobs(BatchConfig.builder().atomicity(AtomicityChoice.NONE).jobs(jobs -> jobs.retries(0)));
    }

    private static String item(String id, String url, String more) {
        return "{\"id\":" + id + ",\"method\":\"POST\",\"url\":\"" + url + "\"" + more + "}";
    }

    private HttpResponse<String> again(String failed) throws Exception {
        healed = true;
        return batch(failed);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void itemsAreSentAgainAsTheyWere() throws Exception {
        String batch = Envelopes.batch(
                item("5", "/app/shaky/number?q=%20x", ""),
                item("\"json\"", "/app/shaky/json", ",\"body\":{ \"b\" : 1.50e+1, \"a\":\"\\u00fc\", \"a\":null}"),
                item(
                        "\"merge\"",
                        "/app/shaky/merge",
                        ",\"headers\":{\"Content-Type\":\"application/merge-patch+json\",\"X-Ref\":\"\u00e4, \\\"q\\\"\"},\"body\":[1]"),
                item(
                        "\"text\"",
                        "/app/shaky/text",
                        ",\"headers\":{\"Content-Type\":\"text/plain;charset=iso-8859-1\"},\"body\":\"\u00fc\\r\\n\""),
                item(
                        "\"bytes\"",
                        "/app/shaky/bytes",
                        ",\"headers\":{\"Content-Type\":\"image/png\",\"Idempotency-Key\":\"mine\"},\"body\":\"_-8ACg==\""),
                item(
                        "\"base64\"",
                        "/app/shaky/base64",
                        ",\"headers\":{\"Content-Type\":\"application/json\"},\"bodyEncoding\":\"base64\",\"body\":\""
                                + base64(" {\"a\":1}\n") + "\""),
                item("\"ok\"", "/app/ok", ""));
        String failed = failed(accepted(batch, KEY, "K"));
        assertThat(ids(failed)).containsExactly("5", "json", "merge", "text", "bytes", "base64");
        assertThat(Envelopes.parse(failed).path("requests").get(0).path("id").isInt())
                .isTrue();
        assertThat(Envelopes.statuses(again(failed))).containsOnly(200).hasSize(6);
        assertThat(seen).hasSize(6);
        assertThat(seen.values()).allSatisfy(requests -> {
            assertThat(requests).hasSize(2);
            assertThat(requests.get(1)).isEqualTo(requests.get(0));
        });
        assertThat(seen.get("/number").get(0)).isEqualTo("POST q=%20x null null \"K/5\" ");
        assertThat(seen.get("/bytes").get(0)).isEqualTo("POST - image/png null mine /+8ACg==");
        assertThat(seen.get("/base64").get(0)).endsWith(" " + base64(" {\"a\":1}\n"));
        assertThat(seen.get("/json").get(0)).endsWith(base64("{ \"b\" : 1.50e+1, \"a\":\"\\u00fc\", \"a\":null}"));
    }

    @Test
    void whatTheyReferToIsThereAgain() throws Exception {
        String batch = Envelopes.batch(
                item("\"a\"", "/app/ok", ""),
                item(
                        "\"b\"",
                        "/app/shaky/{$a.body#/id}",
                        ",\"dependsOn\":[\"a\"],\"headers\":{\"X-Ref\":\"at {$a.header.Location}\"},\"body\":{\"x\":\"{$a.body}\",\"y\":\"-{$a.body#/s}-\"}"),
                item(
                        "\"c\"",
                        "/app/shaky/c?a={$a.body#/s}&b={$b.body#/name}",
                        ",\"dependsOn\":[\"a\",\"b\"],\"body\":[\"{$b.status}\",\"{$a.status}\"]"),
                item("\"d\"", "$b/d", ",\"dependsOn\":[\"b\"]"),
                item("\"e\"", "/app/shaky/e", ",\"dependsOn\":[\"a\",\"d\"]"));
        String failed = failed(accepted(batch));
        assertThat(ids(failed)).containsExactly("b", "c", "d", "e");
        assertThat(Envelopes.parse(failed).path("requests").findValuesAsText("lastStatus"))
                .containsExactly("500", "424", "424", "424");
        assertThat(Envelopes.parse(failed)
                        .path("requests")
                        .get(3)
                        .path("dependsOn")
                        .toString())
                .isEqualTo("[\"d\"]");
        assertThat(Envelopes.statuses(again(failed))).containsExactly(200, 200, 200, 200);
        assertThat(seen.get("/7"))
                .hasSize(2)
                .containsOnly("POST - application/json at /app/things/7 null "
                        + base64("{\"x\":{\"id\":7,\"s\":\"a/b \\\"c\\\"\"},\"y\":\"-a/b \\\"c\\\"-\"}"));
        assertThat(seen.get("/c"))
                .containsExactly("POST a=a%2Fb%20%22c%22&b=N application/json null null " + base64("[200,201]"));
        assertThat(seen).containsKeys("/7/d", "/e");
    }

    /** Somebody else may have written what an item takes over. */
    @Test
    void whatIsPutInIsNoReference() throws Exception {
        String failed = failed(accepted(Envelopes.batch(
                item("\"a\"", "/app/sly", ""),
                item("\"b\"", "/app/shaky/b", ""),
                item("\"c\"", "/app/shaky/c", ",\"dependsOn\":[\"a\",\"b\"],\"body\":{\"note\":\"{$a.body#/name}\"}"),
                item("\"d\"", "/app/shaky/d", ",\"dependsOn\":[\"a\",\"b\"],\"body\":{\"x\":\"{$b.status}\"}"))));
        assertThat(ids(failed)).containsExactly("b", "c", "d");
        assertThat(Envelopes.statuses(again(failed))).containsExactly(200, 400, 200);
        assertThat(seen).doesNotContainKey("/c");
    }

    @Test
    void groupsStayGroups() throws Exception {
        String group = ",\"atomicityGroup\":\"g\"";
        String failed = failed(accepted(Envelopes.batch(
                item("\"a\"", "/app/ok", group),
                item("\"b\"", "/app/shaky/b", group),
                item("\"c\"", "/app/shaky/c", group),
                item("\"d\"", "/app/shaky/d", ",\"dependsOn\":[\"g\"]"))));
        assertThat(ids(failed)).containsExactly("b", "c", "d");
        assertThat(Envelopes.parse(failed).path("requests").findValuesAsText("atomicityGroup"))
                .containsExactly("g", "g");
        assertThat(Envelopes.statuses(again(failed))).containsExactly(200, 200, 200);
        assertThat(seen.get("/c")).hasSize(1);
    }

    @Test
    void whatIsMalformedStaysSo() throws Exception {
        String failed = failed(accepted(Envelopes.batch(
                "{\"id\":\"a\",\"method\":\"P T\",\"url\":\"/app/shaky/a\"}",
                "{\"id\":\"b\",\"method\":\"PUT\",\"url\":\"http://elsewhere.example/\"}",
                "{\"id\":\"c\",\"method\":\"PUT\",\"url\":\"/app/shaky/c\",\"headers\":{\"a b\":\"c\"}}",
                item("\"d\"", "/app/shaky/d", ",\"headers\":{\"Content-Type\":\"image/png\"},\"body\":\"?\""))));
        assertThat(ids(failed)).containsExactly("a", "b", "c", "d");
        assertThat(Envelopes.statuses(again(failed))).containsExactly(400, 400, 400, 400);
        assertThat(ids(failed(accepted(failed)))).containsExactly("a", "b", "c", "d");
        assertThat(seen).isEmpty();
    }

    @Test
    void partsComeAgainAsJson() throws Exception {
        String batch = """
                --b
                Content-Type: application/http
                Content-ID: <1>

                POST /app/ok HTTP/1.1

                --b
                Content-Type: application/http
                Content-ID: <2>

                POST /app/shaky/two HTTP/1.1
                Content-Type: text/plain

                zwei {$1.body}
                --b
                Content-Type: application/http

                POST /app/shaky/three HTTP/1.1
                Content-Type: application/octet-stream

                \u0001\u00ff
                --b
                Content-Type: multipart/mixed;boundary=c

                --c
                Content-Type: application/http
                Content-ID: 4

                POST /app/shaky/four HTTP/1.1

                --c--
                --b--
                """.replace("\n", "\r\n");
        HttpResponse<String> accepted =
                send(request("batch", "Content-Type", "multipart/mixed;boundary=b", "Prefer", "respond-async")
                        .POST(HttpRequest.BodyPublishers.ofString(batch, StandardCharsets.ISO_8859_1)));
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        HttpResponse<String> result = result(location(accepted));
        assertThat(result.headers().firstValue("Content-Type").orElseThrow()).startsWith("multipart/mixed");
        assertThat(result.body()).contains("Content-ID: <response-1>", "HTTP/1.1 201 ", "HTTP/1.1 500 ");
        String failed = failed(location(accepted));
        assertThat(ids(failed)).containsExactly("2", "item-3", "4");
        assertThat(Envelopes.statuses(again(failed))).containsExactly(200, 200, 200);
        assertThat(seen).hasSize(3);
        assertThat(seen.values()).allSatisfy(requests -> {
            assertThat(requests).hasSize(2);
            assertThat(requests.get(1)).isEqualTo(requests.get(0));
        });
        assertThat(seen.get("/three").get(0)).endsWith(" Af8=");
    }
}
