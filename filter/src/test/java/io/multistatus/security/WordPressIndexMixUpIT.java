package io.multistatus.security;

import static io.multistatus.security.Items.answers;
import static io.multistatus.security.Items.dependsOn;
import static io.multistatus.security.Items.get;
import static io.multistatus.security.Items.header;
import static io.multistatus.security.Items.item;
import static io.multistatus.security.Items.post;
import static io.multistatus.security.Items.problem;
import static io.multistatus.security.Items.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.equivalence.HttpAnswer;
import io.multistatus.support.Envelopes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * CVE-2026-63030, "wp2shell": WordPress kept what it had found out about the items of a batch in two arrays. An item whose
 * path could not be parsed, such as {@code ///}, had a place in one of them only, and all items behind it were run by the
 * handler of a neighbour, with that one's permissions. Nested batches made more of it.
 */
@Tag("container")
@Tag("equivalence")
@ExtendWith(VictimHost.class)
class WordPressIndexMixUpIT {
    /** What puts the others out of step; each has the id {@code broken}. */
    private static final List<String> BROKEN = List.of(
            post("broken", "///"),
            post("broken", "http://:80"),
            post("broken", "http://"),
            get("broken", ""),
            "{\"id\":\"broken\",\"method\":\"GET\"}",
            "{\"id\":\"broken\",\"url\":\"/app/open/x\"}",
            "{\"id\":\"broken\",\"method\":7,\"url\":[]}",
            item("broken", "G T", "/app/open/x"),
            get("broken", "/app/open/x", ",\"headers\":[]"),
            get("broken", "/app/open/x", header("X-A", "a\\r\\nb")),
            get("broken", "/app/open/x", header("X-Forwarded-For", Victim.OPERATOR)),
            get("broken", "/app/closed/x"),
            post("broken", "/app/batch", ",\"body\":{\"requests\":[]}"),
            post("broken", "/app/open/x", header("Content-Type", "image/png"), ",\"body\":\"?\""));

    private final Victim victim;

    WordPressIndexMixUpIT(Victim victim) {
        this.victim = victim;
    }

    /** Neighbours that may do different things; the answer to each tells whose it is. */
    private static Map<String, String> neighbours() {
        Map<String, String> items = new LinkedHashMap<>();
        items.put("free", get("free", "/app/open/a?me=free"));
        items.put("secret", get("secret", "/app/secret/a?me=secret"));
        items.put("joe", get("joe", "/app/secret/a?me=joe", header("Authorization", Victim.AUTHORIZATION)));
        items.put("closed", get("closed", "/app/closed/a?me=closed"));
        items.put("write", post("write", "/app/writes?me=write"));
        items.put("read", get("read", "/app/writes?me=read"));
        items.put("g1", post("g1", "/app/open/a?me=g1", ",\"atomicityGroup\":\"g\""));
        items.put("g2", post("g2", "/app/open/a?me=g2", ",\"atomicityGroup\":\"g\""));
        items.put("gated", get("gated", "/app/gated/a?me=gated"));
        items.put("token", get("token", "/app/gated/a?me=token", header("X-Token", "t")));
        items.put("after", get("after", "/app/open/a?me=after", dependsOn("free")));
        return items;
    }

    private static final Map<String, Integer> EXPECTED = Map.ofEntries(
            Map.entry("free", 200),
            Map.entry("secret", 401),
            Map.entry("joe", 200),
            Map.entry("closed", 403),
            Map.entry("write", 401),
            Map.entry("read", 200),
            Map.entry("g1", 200),
            Map.entry("g2", 200),
            Map.entry("gated", 403),
            Map.entry("token", 200),
            Map.entry("after", 200));

    /** Every item has been judged and run as itself, and nothing else has run. */
    private void assertEachIsItself(Map<String, JsonNode> answers) {
        EXPECTED.forEach((id, expected) -> {
            JsonNode answer = answers.get(id);
            assertThat(status(answer)).as(answer.toString()).isEqualTo(expected);
            if (expected == 200) {
                JsonNode told = answer.path("body");
                assertThat(told.path("query").asText()).isEqualTo("me=" + id);
                assertThat(told.path("user").asText("nobody")).isEqualTo(id.equals("joe") ? "joe" : "nobody");
                assertThat(told.path("method").asText()).isEqualTo(id.startsWith("g") ? "POST" : "GET");
            }
        });
        assertThat(victim.reached("secret")).containsExactly("secret: GET /app/secret/a?me=joe");
        assertThat(victim.reached("writes")).containsExactly("writes: GET /app/writes?me=read");
        assertThat(victim.reached("gated")).containsExactly("gated: GET /app/gated/a?me=token");
        assertThat(victim.reached("closed")).isEmpty();
        assertThat(victim.reached("internal")).isEmpty();
    }

    private static List<String> withAt(int position, String broken) {
        List<String> items = new ArrayList<>(neighbours().values());
        items.add(position, broken);
        return items;
    }

    private static String batch(List<String> items) {
        return Envelopes.batch(items.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, execution=ordered",
        "application/json, execution=parallel",
        "application/x-ndjson, execution=sequential"
    })
    void aBrokenItemAnywhereMovesNothing(String accept, String execution) throws IOException {
        int positions = neighbours().size();
        // Nothing may stand within a group.
        int within = List.copyOf(neighbours().keySet()).indexOf("g2");
        for (int position = 0; position <= positions; position++) {
            if (position == within) {
                continue;
            }
            victim.reset();
            String broken = BROKEN.get(position % BROKEN.size());

            Map<String, JsonNode> answers =
                    answers(victim.batch(batch(withAt(position, broken)), "Accept", accept, "Prefer", execution));

            assertThat(answers).hasSize(positions + 1);
            assertThat(status(answers.get("broken"))).as(broken).isGreaterThanOrEqualTo(400);
            assertEachIsItself(answers);
        }
    }

    @Test
    void brokenItemsEverywhereMoveNothing() throws IOException {
        for (String broken : BROKEN) {
            victim.reset();
            List<String> items = new ArrayList<>();
            neighbours().forEach((id, neighbour) -> {
                if (!id.equals("g2")) {
                    items.add(broken.replace("\"broken\"", "\"broken" + items.size() + "\""));
                }
                items.add(neighbour);
            });

            assertEachIsItself(answers(victim.batch(batch(items))));
        }
    }

    @Test
    void partsThatAreNoRequestsMoveNothing() throws IOException {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("free", "GET /app/open/a?me=free HTTP/1.1");
        parts.put("secret", "GET /app/secret/a?me=secret HTTP/1.1");
        parts.put("joe", "GET /app/secret/a?me=joe HTTP/1.1\r\nAuthorization: " + Victim.AUTHORIZATION);
        parts.put("closed", "GET /app/closed/a?me=closed HTTP/1.1");
        for (int position = 0; position <= parts.size(); position++) {
            victim.reset();
            List<String> ids = new ArrayList<>(parts.keySet());
            ids.add(position, "broken");
            StringBuilder body = new StringBuilder();
            for (String id : ids) {
                body.append("--b\r\nContent-Type: application/http\r\nContent-ID: ")
                        .append(id)
                        .append("\r\n\r\n")
                        .append(parts.getOrDefault(id, "\u0001///\r\nHost"))
                        .append("\r\n\r\n");
            }

            Map<String, JsonNode> answers = answers(victim.send(
                    "POST",
                    "/app/batch",
                    body + "--b--\r\n",
                    "Content-Type",
                    "multipart/mixed; boundary=b",
                    "Accept",
                    "application/x-ndjson"));

            assertThat(status(answers.get("broken"))).isEqualTo(400);
            for (String id : parts.keySet()) {
                assertThat(status(answers.get(id))).as(id).isEqualTo(EXPECTED.get(id));
            }
            assertThat(victim.reached())
                    .containsExactlyInAnyOrder("open: GET /app/open/a?me=free", "secret: GET /app/secret/a?me=joe");
        }
    }

    @Test
    void aBatchInABatchRunsNothingWhateverStandsBeforeIt() throws IOException {
        String inner = ",\"body\":" + Envelopes.batch(get("x", "/app/secret/inner"), get("y", "/app/open/inner"));
        for (String broken : BROKEN) {
            victim.reset();

            Map<String, JsonNode> answers = answers(victim.batch(
                    Envelopes.batch(broken, post("nested", "/app/batch", inner), get("open", "/app/open/a"))));

            assertThat(problem(answers.get("nested"))).isEqualTo("nested-batch");
            assertThat(victim.reached()).containsExactly("open: GET /app/open/a");
        }
    }

    /** What cannot be answered by its id would be found by its place, or not at all. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "7",
                "[]",
                "\"x\"",
                "{}",
                "{\"method\":\"POST\",\"url\":\"///\"}",
                "{\"id\":null,\"method\":\"GET\",\"url\":\"/app/open/x\"}",
                "{\"id\":\"free\",\"method\":\"GET\",\"url\":\"/app/secret/x\"}",
                "{\"id\":\"z\",\"id\":\"joe\",\"method\":\"GET\",\"url\":\"/app/secret/x\"}",
                "{\"id\":\"z\",\"method\":\"GET\",\"url\":\"/app/open/x\",\"url\":\"/app/secret/x\"}"
            })
    void anItemThatCannotBeToldFromOthersRefusesTheBatch(String nameless) throws IOException {
        for (int position = 0; position <= neighbours().size(); position += 5) {
            HttpAnswer answer = victim.batch(batch(withAt(position, nameless)));

            assertThat(answer.status()).as(answer.text()).isEqualTo(400);
            assertThat(victim.reached()).isEmpty();
        }
    }
}
