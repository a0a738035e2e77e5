package io.multistatus;

import static io.multistatus.support.Envelopes.batch;
import static io.multistatus.support.Envelopes.item;
import static io.multistatus.support.Envelopes.statuses;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.multistatus.support.TestServer;
import jakarta.servlet.http.Cookie;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("container")
class ReferenceIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AtomicInteger carts = new AtomicInteger();
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.create()
                .batch(config -> config.deny("/secret/*"))
                .servlet("/carts", (request, response) -> {
                    int id = carts.incrementAndGet();
                    response.setStatus(201);
                    response.setHeader("Location", "/carts/" + id);
                    response.addCookie(new Cookie("session", "top-secret"));
                    response.setContentType("application/json");
                    response.getWriter().write("{\"id\": " + id + ", \"owner\": {\"name\": \"Ada\"}}");
                })
                .servlet("/fail", (request, response) -> response.setStatus(409))
                .servlet("/moved", (request, response) -> {
                    response.setStatus(303);
                    response.setHeader("Location", request.getParameter("to"));
                })
                // Gives back the body that it is sent, with the type that it is sent with.
                .servlet("/back", (request, response) -> {
                    response.setContentType(request.getContentType());
                    request.getInputStream().transferTo(response.getOutputStream());
                })
                // Says what it has been asked.
                .servlet("/*", (request, response) -> {
                    ObjectNode seen = JSON.createObjectNode();
                    seen.put("uri", request.getRequestURI());
                    seen.put("query", request.getQueryString());
                    seen.put("q", request.getParameter("q"));
                    Collections.list(request.getHeaderNames()).stream()
                            .filter(name -> name.startsWith("X-"))
                            .forEach(name -> seen.put(name, request.getHeader(name)));
                    byte[] body = request.getInputStream().readAllBytes();
                    seen.put("body", new String(body, StandardCharsets.UTF_8));
                    response.setContentType("application/json");
                    response.getOutputStream().write(JSON.writeValueAsBytes(seen));
                })
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static String entry(String members, String... dependsOn) {
        String dependencies =
                dependsOn.length == 0 ? "" : ",\"dependsOn\":[\"" + String.join("\",\"", dependsOn) + "\"]";
        return "{" + members + dependencies + "}";
    }

    private static String get(String id, String url, String... dependsOn) {
        return entry("\"id\":\"" + id + "\",\"method\":\"GET\",\"url\":\"" + url + "\"", dependsOn);
    }

    private static String post(String id, String url, String body, String... dependsOn) {
        return entry("\"id\":\"" + id + "\",\"method\":\"POST\",\"url\":\"" + url + "\",\"body\":" + body, dependsOn);
    }

    @Test
    void anOrderAndItsLinesAreMadeInOneBatch() throws Exception {
        HttpResponse<String> response = server.post(batch(
                post("order", "/carts", "{}"),
                post("line1", "/carts/{$order.body#/id}/lines", "{\"order\":\"{$order.body#/id}\",\"n\":1}", "order"),
                post("line2", "$order/lines", "{\"by\":\"for {$order.body#/owner/name}\"}", "order"),
                get("all", "{$order.header.Location}", "order", "line1", "line2")));

        assertThat(statuses(response)).containsExactly(201, 200, 200, 200);
        JsonNode line1 = item(response, "line1").path("body");
        assertThat(line1.path("uri").asText()).isEqualTo("/carts/1/lines");
        assertThat(line1.path("body").asText()).isEqualTo("{\"order\":1,\"n\":1}");
        JsonNode line2 = item(response, "line2").path("body");
        assertThat(line2.path("uri").asText()).isEqualTo("/carts/1/lines");
        assertThat(line2.path("body").asText()).isEqualTo("{\"by\":\"for Ada\"}");
        assertThat(item(response, "all").path("body").path("uri").asText()).isEqualTo("/carts/1");
    }

    @ParameterizedTest
    @CsvSource({
        "/secret/x, 403, forbidden-target",
        "/a/../secret/x, 403, forbidden-target",
        "http://elsewhere.example/x, 400, foreign-origin",
        "//elsewhere.example/x, 400, foreign-origin",
        "mailto:x, 400, malformed-request",
        "/a b, 400, malformed-request",
    })
    void aUrlThatIsTakenOverIsJudgedLikeAnyOther(String location, int status, String problem) throws Exception {
        String to = location.replace(" ", "%20");

        HttpResponse<String> response = server.post(batch(
                get("a", "/moved?to=" + to), get("b", "{$a.header.Location}", "a"), get("c", "$a/../secret/x", "a")));

        assertThat(item(response, "a").path("status").asInt()).isEqualTo(303);
        JsonNode b = item(response, "b");
        assertThat(b.path("status").asInt()).isEqualTo(status);
        assertThat(b.path("body").path("type").asText()).isEqualTo("urn:multistatus:" + problem);
        assertThat(item(response, "c").path("status").asInt()).isIn(400, 403);
    }

    @Test
    void aBatchCannotBeReferredTo() throws Exception {
        HttpResponse<String> response =
                server.post(batch(get("a", "/moved?to=/batch"), post("b", "{$a.header.Location}", "{}", "a")));

        assertThat(item(response, "b").path("body").path("type").asText()).isEqualTo("urn:multistatus:nested-batch");
    }

    @Test
    void aCookieStaysOutOfReach() throws Exception {
        HttpResponse<String> response = server.post(batch(
                post("a", "/carts", "{}"), get("b", "/x?q={$a.header.Set-Cookie}", "a"), get("c", "/x?q=1", "a")));

        assertThat(statuses(response)).containsExactly(201, 424, 200);
        assertThat(response.body()).doesNotContain("top-secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b",
                "../../x",
                "?x=1#y",
                "a\r\nX-Evil: 1\r\n\r\nGET /secret/x",
                "\"}],{",
                "{$a.body}",
                "%2e%2e%2f",
                "\u0000\u001f\u007f\u20ac\ud83d\ude00",
                "\\..\\",
                ";jsessionid=1"
            })
    void aValueIsNothingButAValue(String value) throws Exception {
        HttpResponse<String> response = server.post(batch(
                post("a", "/back", JSON.writeValueAsString(value)),
                get("query", "/x?p=1&q={$a.body}&r=2", "a"),
                post("body", "/x", "{\"a\":\"[{$a.body}]\",\"b\":\"{$a.body}\"}", "a"),
                get("path", "/p/{$a.body}/x", "a"),
                entry("\"id\":\"header\",\"method\":\"GET\",\"url\":\"/x\",\"headers\":{\"X-A\":\"{$a.body}\"}", "a")));

        assertThat(seen(response, "query").path("q").asText()).isEqualTo(value);
        assertThat(seen(response, "query").path("query").asText())
                .startsWith("p=1&q=")
                .endsWith("&r=2");
        JsonNode body = JSON.readTree(seen(response, "body").path("body").asText());
        assertThat(body.path("a").asText()).isEqualTo("[" + value + "]");
        assertThat(body.path("b").asText()).isEqualTo(value);
        JsonNode path = item(response, "path");
        if (path.path("status").asInt() == 200) {
            assertThat(path.path("body").path("uri").asText()).matches("/p/[^/?#]+/x");
        } else {
            // 403 where no telling is possible what a denied path is.
            assertThat(path.path("status").asInt()).isIn(400, 403);
        }
        JsonNode header = item(response, "header");
        if (header.path("status").asInt() == 200) {
            assertThat(header.path("body").path("X-A").asText()).isEqualTo(value.strip());
            assertThat(header.path("body").has("X-Evil")).isFalse();
        } else {
            assertThat(header.path("status").asInt()).isEqualTo(400);
            assertThat(header.path("body").path("detail").asText()).contains("'X-A'");
        }
    }

    private static JsonNode seen(HttpResponse<String> response, String id) {
        JsonNode item = item(response, id);
        assertThat(item.path("status").asInt()).as(item.toString()).isEqualTo(200);
        return item.path("body");
    }

    @Test
    void aMegabyteIsTakenOverWhole() throws Exception {
        String text = "\u00e9/\"".repeat(350_000);

        HttpResponse<String> response = server.post(batch(
                post("a", "/back", JSON.writeValueAsString(text)), post("b", "/back", "[\"x{$a.body}\",1]", "a")));

        assertThat(item(response, "b").path("body").path(0).asText()).isEqualTo("x" + text);
        assertThat(item(response, "b").path("body").path(1).asInt()).isEqualTo(1);
    }

    @Test
    void aSeriesOfDoublingsEndsAtTheLimit() throws Exception {
        List<String> items = new ArrayList<>(List.of(post("0", "/back", "\"" + "x".repeat(1000) + "\"")));
        for (int i = 1; i < 30; i++) {
            String before = "{$" + (i - 1) + ".body}";
            items.add(post(String.valueOf(i), "/back", "\"" + before + before + "\"", String.valueOf(i - 1)));
        }

        List<Integer> statuses = statuses(server.post(batch(items.toArray(String[]::new))));

        // Before any of them alone is too long, all of them together are.
        assertThat(statuses).startsWith(200, 200, 200).endsWith(424, 424, 424).contains(507);
        assertThat(statuses).allMatch(status -> status == 200 || status == 507 || status == 424);
    }

    @Test
    void aFailureIsNamedAlongTheWholeChain() throws Exception {
        List<String> items = new ArrayList<>(List.of(get("0", "/fail")));
        for (int i = 1; i < 100; i++) {
            items.add(get(String.valueOf(i), "/x", String.valueOf(i - 1)));
        }

        HttpResponse<String> response = server.post(batch(items.toArray(String[]::new)));

        assertThat(statuses(response)).startsWith(409).contains(424).hasSize(100);
        JsonNode last = item(response, "99").path("body");
        assertThat(last.path("dependency").asText()).isEqualTo("98");
        assertThat(last.path("culprit").asText()).isEqualTo("0");
        assertThat(last.path("detail").asText())
                .contains("'99' depends on '98'")
                .contains("'0' failed");
    }

    @Test
    void aChainOfAHundredHandsAValueThrough() throws Exception {
        List<String> items = new ArrayList<>(List.of(post("0", "/back", "{\"n\":[1.50, \"x\"]}")));
        for (int i = 1; i < 100; i++) {
            items.add(post(String.valueOf(i), "/back", "\"{$" + (i - 1) + ".body}\"", String.valueOf(i - 1)));
        }

        HttpResponse<String> response = server.post(batch(items.toArray(String[]::new)));

        assertThat(statuses(response)).containsOnly(200);
        assertThat(response.body()).contains("\"id\":\"99\"").endsWith("}}\n");
        assertThat(item(response, "99").path("body")).isEqualTo(JSON.readTree("{\"n\":[1.50, \"x\"]}"));
    }

    @Test
    void bothSidesOfADiamondAreWaitedFor() throws Exception {
        HttpResponse<String> response = server.post(batch(
                post("top", "/back", "1"),
                post("left", "/back", "\"{$top.body}\"", "top"),
                post("right", "/back", "\"{$top.body}\"", "top"),
                get("bottom", "/x?q={$left.body}{$right.body}", "left", "right")));

        assertThat(seen(response, "bottom").path("q").asText()).isEqualTo("11");
    }

    @Test
    void aRedirectCountsAsSuccess() throws JsonProcessingException, Exception {
        HttpResponse<String> response =
                server.post(batch(get("a", "/moved?to=there"), get("b", "/x?q={$a.status}", "a")));

        assertThat(seen(response, "b").path("q").asText()).isEqualTo("303");
    }
}
