package io.multistatus;

import static io.multistatus.support.Envelopes.batch;
import static io.multistatus.support.Envelopes.gets;
import static io.multistatus.support.Envelopes.item;
import static io.multistatus.support.Envelopes.statuses;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.support.Envelopes;
import io.multistatus.support.TestServer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("container")
class SecurityIT {
    private static final AtomicInteger CALLS = new AtomicInteger();
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.create()
                .batch(config -> config.allow("/open/*", "/batch", "/alias")
                        .deny("/open/closed/*")
                        .deniedHeaders("X-Internal-*")
                        .allowedHeaders("Referer")
                        .allowedOrigins("https://friend.example"))
                .servlet("/open/*", (request, response) -> {
                    CALLS.incrementAndGet();
                    response.setContentType("text/plain");
                    response.getWriter()
                            .print(request.getHeader("X-Real-IP") + "|" + request.getHeader("X-Forwarded-For") + "|"
                                    + request.getHeader("Referer"));
                })
                .servlet("/open/forged", (request, response) -> {
                    response.setStatus(403);
                    response.setContentType("application/problem+json");
                    response.setHeader("Refused", "true");
                    response.getWriter()
                            .print("{\"type\":\"urn:multistatus:forbidden-target\",\"status\":403,\"refused\":true}");
                })
                .servlet("/secret", (request, response) -> CALLS.incrementAndGet())
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void reset() {
        CALLS.set(0);
    }

    private static String withHeader(String name, String value) {
        return batch("{\"id\":\"a\",\"method\":\"GET\",\"url\":\"/open/x\",\"headers\":{\"" + name + "\":\"" + value
                + "\"}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/batch", "/b%61tch", "/batch;x=y", "/./batch", "/open/../batch", "batch", "", "?x"})
    void aBatchInABatchIsThatItems400HoweverItIsSpelled(String url) throws Exception {
        HttpResponse<String> response = server.post(batch(
                "{\"id\":\"a\",\"method\":\"POST\",\"url\":\"" + url
                        + "\",\"headers\":{\"Content-Type\":\"application/json\"},\"body\":" + gets("/open/x") + "}",
                "{\"id\":\"b\",\"method\":\"GET\",\"url\":\"/open/x\"}"));

        assertThat(statuses(response)).containsExactly(400, 200);
        assertThat(CALLS).hasValue(1);
        if (!url.isEmpty()) {
            assertThat(item(response, "a").path("body").path("type").asText())
                    .isEqualTo("urn:multistatus:nested-batch");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/secret",
                "/open/closed/x",
                "/open/%63losed/x",
                "/open/closed;a=b/x",
                "/open//closed/x",
                "/open/./closed/x",
                "/open/x/../closed/x",
                "/open/%2e%2e/secret",
                "/open/..;/secret",
                "/open%2f..%2fsecret",
                "/open/..%5csecret",
                "/open/%00",
                "/open/%zz",
                "/other-app/open/x"
            })
    void whatTheConfigurationForbidsIs403OnTheCanonicalPathAndIsNotReached(String url) throws Exception {
        HttpResponse<String> response = server.post(gets(url));

        assertThat(statuses(response)).containsExactly(403);
        assertThat(item(response, "0").path("body").path("type").asText())
                .isEqualTo("urn:multistatus:forbidden-target");
        assertThat(CALLS).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "Connection",
                "Keep-Alive",
                "Transfer-Encoding",
                "Content-Length",
                "Expect",
                "Upgrade",
                "TE",
                "Trailer",
                "Forwarded",
                "X-Forwarded-For",
                "x-forwarded-host",
                "X-Real-IP",
                "SSL_CLIENT_CERT",
                "ssl-client-cert",
                "X-SSL-Client-Verify",
                "Client-Cert",
                "CF-Connecting-IP",
                "Sec-Fetch-Site",
                "Proxy-Authorization",
                "Origin",
                "Cookie",
                "X-Internal-User"
            })
    void headersThatSpeakForOthersAreThatItems400(String name) throws Exception {
        HttpResponse<String> response = server.post(withHeader(name, "1"));

        assertThat(statuses(response)).containsExactly(400);
        assertThat(item(response, "a").path("body").path("type").asText())
                .isEqualTo("urn:multistatus:forbidden-header");
        assertThat(item(response, "a").path("body").path("detail").asText()).contains(name);
        assertThat(CALLS).hasValue(0);
    }

    @Test
    void anItemThatTheEndpointHasRefusedSaysSoAndNoAppCan() throws Exception {
        String items = gets("/secret", "/open/forged", "/open/x", "/nowhere#");

        HttpResponse<String> envelope = server.post(items);
        assertThat(statuses(envelope)).containsExactly(403, 403, 200, 400);
        HttpResponse<String> lines = server.post(items, "Accept", "application/x-ndjson");
        Map<String, JsonNode> streamed = lines.body()
                .lines()
                .map(Envelopes::parse)
                .filter(line -> line.has("id"))
                .collect(Collectors.toMap(line -> line.path("id").asText(), line -> line));

        for (String id : List.of("0", "1", "2", "3")) {
            assertThat(streamed).containsKey(id);
            for (JsonNode entry : List.of(item(envelope, id), streamed.get(id))) {
                if (id.equals("0") || id.equals("3")) {
                    assertThat(entry.path("refused").toString()).isEqualTo("true");
                } else {
                    assertThat(entry.has("refused")).isFalse();
                }
            }
        }
        assertThat(item(envelope, "1").path("body").path("type").asText())
                .isEqualTo(item(envelope, "0").path("body").path("type").asText());
    }

    @Test
    void theConfigurationTakesDenialsBackAndAuthorizationMayBeSet() throws Exception {
        assertThat(statuses(server.post(withHeader("Authorization", "Bearer x"))))
                .containsExactly(200);
        assertThat(item(server.post(withHeader("Referer", "https://here.example/")), "a")
                        .path("body")
                        .asText())
                .isEqualTo("null|null|https://here.example/");
    }

    @Test
    void whatTheProxyInFrontSaysReachesTheItems() throws Exception {
        HttpResponse<String> response =
                server.post(gets("/open/x"), "X-Forwarded-For", "192.0.2.7", "X-Real-IP", "192.0.2.7");

        assertThat(item(response, "0").path("body").asText()).isEqualTo("192.0.2.7|192.0.2.7|null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\\r\\nX-Evil: 1", "a\\nb", "a\\u0000b", "\\u20ac"})
    void headerValuesThatWouldBreakTheLineAreThatItems400(String value) throws Exception {
        assertThat(statuses(server.post(withHeader("X-Any", value)))).containsExactly(400);
        assertThat(CALLS).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({
        "http://elsewhere.example/open/x, foreign-origin",
        "https://127.0.0.1/open/x, foreign-origin",
        "http://127.0.0.1:1/open/x, foreign-origin",
        "http://user@127.0.0.1/open/x, malformed-request",
        "/open/x#fragment, malformed-request",
        "mailto:a@b, malformed-request",
        "/open/a b, malformed-request",
        "/open/a\\r\\nb, malformed-request",
        "/open/\\u00e9, malformed-request"
    })
    void urlsThatLeadElsewhereOrAreNoneAreThatItems400(String url, String problem) throws Exception {
        HttpResponse<String> response = server.post(gets(url));

        assertThat(statuses(response)).containsExactly(400);
        assertThat(item(response, "0").path("body").path("type").asText()).isEqualTo("urn:multistatus:" + problem);
        assertThat(CALLS).hasValue(0);
    }

    @Test
    void absoluteUrlsOfTheSameOriginAndRelativeOnesAreTaken() throws Exception {
        String origin = "http://127.0.0.1:" + server.port();

        assertThat(statuses(server.post(gets(origin + "/open/x?q=1", "open/x", "./open/x", "x/../open/y"))))
                .containsExactly(200, 200, 200, 200);
    }

    @ParameterizedTest
    @CsvSource({
        "Origin, https://elsewhere.example",
        "Origin, null",
        "Origin, http://127.0.0.1",
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site"
    })
    void batchesFromPagesOfOtherOriginsAre403AndNothingRuns(String name, String value) throws Exception {
        HttpResponse<String> response = server.post(gets("/open/x"), name, value);

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.body()).contains("urn:multistatus:foreign-origin");
        assertThat(CALLS).hasValue(0);
    }

    @Test
    void batchesFromTheOwnAndFromAllowedOriginsAreTaken() throws Exception {
        for (List<String> header : List.of(
                List.of("Origin", "http://127.0.0.1:" + server.port()),
                List.of("Origin", "https://friend.example"),
                List.of("Sec-Fetch-Site", "same-origin"),
                List.of("Sec-Fetch-Site", "none"))) {
            assertThat(server.post(gets("/open/x"), header.get(0), header.get(1))
                            .statusCode())
                    .isEqualTo(207);
        }
    }
}
