package io.multistatus.security;

import static io.multistatus.security.Items.answers;
import static io.multistatus.security.Items.dependsOn;
import static io.multistatus.security.Items.get;
import static io.multistatus.security.Items.post;
import static io.multistatus.security.Items.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.multistatus.support.Envelopes;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code $id/../..}: a path is checked as it is written, and what a reference puts into it, or what follows that, leads
 * somewhere else. The values are somebody else's: whoever may name a thing chooses where those go who refer to it.
 */
@Tag("container")
@Tag("equivalence")
@ExtendWith(VictimHost.class)
class ReferencePathTraversalIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Victim victim;

    ReferencePathTraversalIT(Victim victim) {
        this.victim = victim;
    }

    private void assertNothingIsReachedButWhatIsOpen() {
        assertThat(victim.reached()).allMatch(line -> line.startsWith("open: "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$a/../../closed/x",
                "$a/../../../app/closed/x",
                "$a/../closed/x",
                "$a/%2e%2e/%2e%2e/closed/x",
                "$a/..;/..;/closed/x",
                "$a/..%2f..%2fclosed/x",
                "$a/..\\\\..\\\\closed/x",
                "$a//../../../closed/x",
                "$a/./.././../closed/x",
                "$a?/../../closed/x",
                "{$a.header.Location}/../../closed/x",
                "/app/open/{$a.body#/id}/../../closed/x",
                "$a/../../secret/x",
                "$a/../../gated/x",
                "$a/../../internal/x",
                "$a/../../../../../../app/secret/x"
            })
    void whatFollowsAReferenceClimbsNowhere(String url) throws IOException {
        Map<String, JsonNode> answers = answers(victim.batch(Envelopes.batch(
                post("a", "/app/open/things?to=/app/open/things/7", ",\"body\":{\"id\":7}"),
                get("b", url, dependsOn("a")))));

        assertThat(status(answers.get("a"))).isEqualTo(201);
        assertThat(status(answers.get("b"))).isBetween(200, 499);
        assertNothingIsReachedButWhatIsOpen();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/app/closed/x",
                "/app/open/../closed",
                "/app/open/..;/closed",
                "/app/open/%2e%2e/closed",
                "/app/open/..%2fclosed",
                "/app/open\\..\\closed",
                "//app/closed",
                "///app/closed",
                "../closed",
                "//evil.example/app/closed",
                "http://evil.example/app/closed",
                "http:/app/closed",
                "http://user@127.0.0.1/app/closed",
                "javascript:alert(1)",
                "/app/secret/x",
                "/app/gated/x",
                "/app/internal/x",
                "/app/batch",
                "?",
                "#"
            })
    void aHostileLocationLeadsNowhere(String location) throws IOException {
        String to = URLEncoder.encode(location, StandardCharsets.UTF_8);
        Map<String, JsonNode> answers = answers(victim.batch(Envelopes.batch(
                post("a", "/app/open/things?to=" + to),
                get("b", "$a", dependsOn("a")),
                get("c", "$a/x", dependsOn("a")),
                get("d", "{$a.header.Location}", dependsOn("a")),
                post("e", "{$a.header.Location}", dependsOn("a"), ",\"body\":{\"requests\":[]}"))));

        assertThat(answers).hasSize(5);
        assertNothingIsReachedButWhatIsOpen();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../closed",
                "..",
                ".",
                "",
                "../..",
                "%2e%2e",
                "..%2f..%2fclosed",
                "..;",
                "..;/..;/closed",
                "..\\..\\closed",
                "/app/closed/x",
                "//evil.example",
                "x?to=/app/closed",
                "x#y",
                ";/../../closed",
                "\u0000/../closed",
                "x HTTP/1.1\r\nHost: evil\r\n\r\nGET /app/closed/x",
                "\u2025/closed",
                "\uff0e\uff0e\uff0fclosed",
                "{$a.header.Location}",
                "$a/../closed"
            })
    void aHostileValueStaysOneSegment(String value) throws IOException {
        String body = ",\"body\":" + JSON.writeValueAsString(Map.of("id", value));
        Map<String, JsonNode> answers = answers(victim.batch(Envelopes.batch(
                post("a", "/app/open/things", body),
                get("last", "/app/open/{$a.body#/id}", dependsOn("a")),
                get("middle", "/app/open/{$a.body#/id}/closed", dependsOn("a")),
                get("more", "/app/open/x/{$a.body#/id}/{$a.body#/id}/closed/x", dependsOn("a")),
                get("part", "/app/open/.{$a.body#/id}/.{$a.body#/id}/closed/x", dependsOn("a")),
                get("first", "/{$a.body#/id}/closed/x", dependsOn("a")),
                get("relative", "{$a.body#/id}/x", dependsOn("a")),
                get("query", "/app/open/q?v={$a.body#/id}", dependsOn("a")))));

        assertThat(status(answers.get("a"))).isEqualTo(200);
        assertNothingIsReachedButWhatIsOpen();
        assertThat(victim.reached()).allMatch(line -> line.matches("open: (GET|POST) /app/open/[^? ]*(\\?v=[^? ]*)?"));
        for (String id : new String[] {"last", "middle", "more", "part"}) {
            // Where it has gone at all, it has gone below what is written before it.
            JsonNode answer = answers.get(id);
            assertThat(status(answer)).as(answer.toString()).isBetween(200, 499);
        }
        assertThat(answers.get("query").path("body").path("query").asText())
                .isEqualTo(
                        "v=" + URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
    }
}
