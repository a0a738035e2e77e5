package io.multistatus.security;

import static io.multistatus.security.Items.get;
import static io.multistatus.security.Items.header;
import static io.multistatus.security.Items.item;
import static io.multistatus.security.Items.only;
import static io.multistatus.security.Items.post;
import static io.multistatus.security.Items.problem;
import static io.multistatus.security.Items.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.equivalence.HttpAnswer;
import io.multistatus.support.Envelopes;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What was mended in oRPC's batches in August 2026 (pull requests 1813, 1840 and 1912): a GET could carry items that change
 * something, past all that takes a GET for safe; and an item's own headers won over those of the batch, which browser and
 * proxy had set.
 */
@Tag("container")
@Tag("equivalence")
@ExtendWith(VictimHost.class)
class OrpcForgedRequestIT {
    private static final String BATCH =
            Envelopes.batch(post("a", "/app/open/transfer", ",\"body\":{\"to\":\"mallory\"}"));

    private final Victim victim;

    OrpcForgedRequestIT(Victim victim) {
        this.victim = victim;
    }

    /** A link, an image, a prefetch. */
    @ParameterizedTest
    @ValueSource(strings = {"data", "batch", "requests", "body", "query", "q", "_method=POST&requests"})
    void aGetRunsNothing(String parameter) throws IOException {
        for (String text : List.of(BATCH, "[" + post("a", "/app/open/transfer") + "]")) {
            String url = "/app/batch?" + parameter + "=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
            for (String method : List.of("GET", "HEAD")) {
                assertThat(victim.send(method, url, null).status()).isEqualTo(200);
            }
        }
        assertThat(victim.reached()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH", "QUERY"})
    void noMethodButPostRunsABatch(String method) throws IOException {
        HttpAnswer answer = victim.send(
                method,
                "/app/batch",
                BATCH,
                "Content-Type",
                "application/json",
                "X-HTTP-Method-Override",
                "POST",
                "X-HTTP-Method",
                "POST",
                "X-Method-Override",
                "POST");

        assertThat(answer.status()).isIn(200, 405, 501);
        assertThat(victim.reached()).isEmpty();
    }

    /** What a page of another site can send without being asked first (Fetch, CORS-safelisted Content-Type), or nearly. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "text/plain;charset=UTF-8",
                "text/plain; application/json",
                "text/plain, application/json",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=multipart/mixed",
                "multipart/form-data; type=\"application/json\"",
                ""
            })
    void aFormRunsNothing(String contentType) throws IOException {
        // As a form writes it: the name of the only field, a sign of equality and its value.
        String form = "{\"requests\":[" + post("a", "/app/open/transfer") + "],\"x\":\"=\"}";

        HttpAnswer answer = contentType.isEmpty()
                ? victim.send("POST", "/app/batch", form)
                : victim.send("POST", "/app/batch", form, "Content-Type", contentType);

        assertThat(answer.status()).isEqualTo(415);
        assertThat(victim.reached()).isEmpty();
    }

    /** Should a browser be talked into sending the right type. */
    @ParameterizedTest
    @CsvSource({
        "Origin, https://evil.example",
        "Origin, null",
        "Origin, http://127.0.0.1.evil.example",
        "Origin, http://127.0.0.1",
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site"
    })
    void aPageOfAnotherOriginRunsNothing(String name, String value) throws IOException {
        HttpAnswer answer = victim.batch(BATCH, name, value);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text()).contains("urn:multistatus:foreign-origin");
        assertThat(victim.reached()).isEmpty();
    }

    /** The verdict is on what the browser has said, not on what the page has written. */
    @ParameterizedTest
    @CsvSource({
        "Origin, https://friend.example",
        "origin, null",
        "Sec-Fetch-Site, same-origin",
        "sec-fetch-mode, navigate",
        "Referer, https://friend.example/",
        "Cookie, JSESSIONID=planted",
        "cookie, a=b",
        "Host, friend.example",
        "Content-Length, 0",
        "Transfer-Encoding, chunked",
        "Connection, Authorization",
        "Proxy-Authorization, Basic eA==",
        "X-Forwarded-Proto, https",
        "X-Forwarded-User, root",
        "X-Remote-User, root",
        "Remote-User, root",
        "X-Consumer-Username, root",
        "X-Credential-Identifier, root",
        "X-Authenticated-Userid, root",
        "X-Userinfo, eyJzdWIiOiJyb290In0",
        "X-Auth-Request-User, root",
        "X-Goog-Authenticated-User-Email, root",
        "X-Amzn-Oidc-Identity, root",
        "X-MS-Client-Principal-Name, root",
        "Cf-Access-Authenticated-User-Email, root",
        "Tailscale-User-Login, root",
        "X-Arr-ClientCert, MII",
        "X-Original-URL, /app/secret/x",
        "X-Rewrite-URL, /app/secret/x"
    })
    void anItemDoesNotOverrideWhatBrowserAndProxySay(String name, String value) throws IOException {
        JsonNode answer = only(victim.batch(Envelopes.batch(get("a", "/app/open/x", header(name, value)))));

        assertThat(status(answer)).isEqualTo(400);
        assertThat(problem(answer)).isEqualTo("forbidden-header");
        assertThat(victim.reached()).isEmpty();
    }

    @Test
    void whatBrowserAndProxySayReachesTheItem() throws IOException {
        String origin = "http://127.0.0.1:" + victim.port();

        JsonNode headers = only(victim.batch(
                        Envelopes.batch(get("a", "/app/open/x")),
                        "Origin",
                        origin,
                        "Cookie",
                        "a=b",
                        "Sec-Fetch-Site",
                        "same-origin",
                        "X-Remote-User",
                        "ada"))
                .path("body")
                .path("headers");

        assertThat(headers.path("origin").asText()).isEqualTo(origin);
        assertThat(headers.path("cookie").asText()).isEqualTo("a=b");
        assertThat(headers.path("sec-fetch-site").asText()).isEqualTo("same-origin");
        assertThat(headers.path("x-remote-user").asText()).isEqualTo("ada");
        assertThat(headers.has("content-type")).isFalse();
        assertThat(headers.has("content-length")).isFalse();
    }

    /** The endpoint obeys no such field, of the batch or of an item; whether the app does is the same alone. */
    @ParameterizedTest
    @ValueSource(strings = {"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"})
    void theMethodOfAnItemIsTheOneItHas(String name) throws IOException {
        JsonNode read = only(victim.batch(Envelopes.batch(get("a", "/app/open/x", header(name, "DELETE")))));
        JsonNode written = only(victim.batch(Envelopes.batch(post("a", "/app/writes", header(name, "GET")))));
        JsonNode all = only(victim.batch(Envelopes.batch(post("a", "/app/writes")), name, "GET"));
        JsonNode traced = only(victim.batch(Envelopes.batch(item("a", "TRACE", "/app/open/x"))));

        assertThat(read.path("body").path("method").asText()).isEqualTo("GET");
        assertThat(status(written)).isEqualTo(401);
        assertThat(status(all)).isEqualTo(401);
        // It would tell a script of the cookies that are kept from it.
        assertThat(status(traced)).isEqualTo(400);
        assertThat(victim.reached()).containsExactly("open: GET /app/open/x");
    }
}
