package io.multistatus.security;

import static io.multistatus.security.Items.answers;
import static io.multistatus.security.Items.dependsOn;
import static io.multistatus.security.Items.get;
import static io.multistatus.security.Items.header;
import static io.multistatus.security.Items.only;
import static io.multistatus.security.Items.post;
import static io.multistatus.security.Items.problem;
import static io.multistatus.security.Items.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.equivalence.HttpAnswer;
import io.multistatus.support.Envelopes;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * CVE-2022-24112: items of Apache APISIX's batches could say whose address they come from, in {@code X-Real-IP} spelled in
 * another case than the gateway's own or in the headers for all of them, and so got past restrictions by address to the
 * administration.
 */
@Tag("container")
@Tag("equivalence")
@ExtendWith(VictimHost.class)
class ApisixForgedClientAddressIT {
    private static final String INTERNAL = "/app/internal/routes";

    private final Victim victim;

    ApisixForgedClientAddressIT(Victim victim) {
        this.victim = victim;
    }

    @Test
    void theAddressIsWhatTheProxySaysOfTheBatch() throws IOException {
        assertThat(victim.send("GET", INTERNAL, null).status()).isEqualTo(403);
        assertThat(status(only(victim.batch(Envelopes.batch(get("a", INTERNAL))))))
                .isEqualTo(403);

        JsonNode told = only(victim.batch(Envelopes.batch(get("a", INTERNAL)), "X-Forwarded-For", Victim.OPERATOR));

        assertThat(status(told)).isEqualTo(200);
        assertThat(told.path("body").path("address").asText()).isEqualTo(Victim.OPERATOR);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Real-IP",
                "x-real-ip",
                "X-REAL-IP",
                "X-Forwarded-For",
                "x-forwarded-FOR",
                "X-Client-IP",
                "True-Client-IP",
                "X-Cluster-Client-IP",
                "CF-Connecting-IP",
                "CF-Connecting-IPv6",
                "WL-Proxy-Client-IP",
                "Proxy-Client-IP",
                "Fastly-Client-IP",
                "X-Azure-ClientIP",
                "X-Azure-SocketIP",
                "X-Envoy-External-Address",
                "X-Appengine-User-IP",
                "Client-IP",
                "X-Originating-IP",
                "X-Vercel-Forwarded-For",
                "X-Original-Forwarded-For"
            })
    void anItemMayNotSayWhoseItIs(String name) throws IOException {
        JsonNode one = only(victim.batch(Envelopes.batch(get("a", INTERNAL, header(name, Victim.OPERATOR)))));
        JsonNode several = only(victim.batch(Envelopes.batch(
                get("a", INTERNAL, ",\"headers\":{\"" + name + "\":[\"" + Victim.OPERATOR + "\",\"127.0.0.1\"]}"))));

        assertThat(status(one)).isEqualTo(400);
        assertThat(problem(one)).isEqualTo("forbidden-header");
        assertThat(problem(several)).isEqualTo("forbidden-header");
        assertThat(victim.reached()).isEmpty();
    }

    @Test
    void norInTheStandardField() throws IOException {
        assertThat(problem(only(victim.batch(
                        Envelopes.batch(get("a", INTERNAL, header("Forwarded", "for=" + Victim.OPERATOR)))))))
                .isEqualTo("forbidden-header");
    }

    /** As APISIX has it, for all items at once. */
    @Test
    void theBatchMayNotSayItInItsBodyEither() throws IOException {
        String forged =
                "{\"headers\":{\"X-Real-IP\":\"%1$s\",\"X-Forwarded-For\":\"%1$s\"},\"query\":{},\"timeout\":500,"
                        .formatted(Victim.OPERATOR);

        HttpAnswer pipeline =
                victim.batch(forged + "\"pipeline\":[{\"method\":\"GET\",\"path\":\"" + INTERNAL + "\"}]}");
        JsonNode requests = only(victim.batch(forged + "\"requests\":[" + get("a", INTERNAL) + "]}"));

        assertThat(pipeline.status()).isEqualTo(400);
        assertThat(status(requests)).isEqualTo(403);
        assertThat(victim.reached()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-For ",
                " X-Forwarded-For",
                "X-Forwarded-For\\t",
                "X-Forwarded-For:",
                "X-A: b\\r\\nX-Forwarded-For",
                "X-Forwarded-For\\u0000",
                "\\u0058-Forwarded-For",
                "X-Forwarded\\u2010For"
            })
    void noSpellingOfTheNameGetsThrough(String name) throws IOException {
        JsonNode answer = only(victim.batch(Envelopes.batch(get("a", INTERNAL, header(name, Victim.OPERATOR)))));

        assertThat(status(answer)).isEqualTo(400);
        assertThat(victim.reached()).isEmpty();
    }

    @Test
    void noPartOfMultipartSaysIt() throws IOException {
        String parts = """
                --b
                Content-Type: application/http
                Content-ID: plain
                X-Forwarded-For: 192.0.2.1

                GET /app/internal/plain HTTP/1.1
                x-forwarded-for: 192.0.2.1

                --b
                Content-Type: application/http
                Content-ID: head
                X-Forwarded-For: 192.0.2.1
                X-Real-IP: 192.0.2.1

                GET /app/internal/head HTTP/1.1

                --b
                Content-Type: application/http
                Content-ID: folded

                GET /app/internal/folded HTTP/1.1
                X-A: b
                 X-Forwarded-For: 192.0.2.1

                --b
                Content-Type: application/http
                Content-ID: spaced

                GET /app/internal/spaced HTTP/1.1
                X-Real-IP : 192.0.2.1

                --b--
                """.replace("\n", "\r\n");

        Map<String, JsonNode> answers = answers(victim.send(
                "POST",
                "/app/batch",
                parts,
                "Content-Type",
                "multipart/mixed; boundary=b",
                "Accept",
                "application/x-ndjson"));

        assertThat(status(answers.get("plain"))).isEqualTo(400);
        assertThat(status(answers.get("head"))).isEqualTo(403);
        assertThat(status(answers.get("folded"))).isIn(400, 403);
        assertThat(status(answers.get("spaced"))).isEqualTo(400);
        assertThat(victim.reached()).isEmpty();
    }

    /** What the app itself has answered is somebody else's text. */
    @Test
    void noReferenceBringsItAlong() throws IOException {
        Map<String, JsonNode> answers = answers(victim.batch(Envelopes.batch(
                post("a", "/app/open/say", ",\"body\":\"x\\r\\nX-Forwarded-For: " + Victim.OPERATOR + "\""),
                get("b", INTERNAL, header("X-A", "{$a.body}"), dependsOn("a")),
                get("c", INTERNAL, header("{$a.body}", "x"), dependsOn("a")))));

        assertThat(status(answers.get("b"))).isEqualTo(400);
        assertThat(status(answers.get("c"))).isEqualTo(400);
        assertThat(victim.reached("internal")).isEmpty();
    }
}
