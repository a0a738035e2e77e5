package io.multistatus.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.equivalence.HttpAnswer;
import io.multistatus.support.Envelopes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes items, and finds the answers to them. */
final class Items {
    private Items() {}

    /** An item with further members, each with a comma before it, or none. */
    static String item(String id, String method, String url, String... more) {
        return "{\"id\":\"" + id + "\",\"method\":\"" + method + "\",\"url\":\"" + url + "\"" + String.join("", more)
                + "}";
    }

    static String get(String id, String url, String... more) {
        return item(id, "GET", url, more);
    }

    static String post(String id, String url, String... more) {
        return item(id, "POST", url, more);
    }

    /** The member with one field. */
    static String header(String name, String value) {
        return ",\"headers\":{\"" + name + "\":\"" + value + "\"}";
    }

    static String dependsOn(String id) {
        return ",\"dependsOn\":[\"" + id + "\"]";
    }

    /** All entries of an envelope, or of lines of JSON, by their ids; fails if there are two of one. */
    static Map<String, JsonNode> answers(HttpAnswer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(207);
        Map<String, JsonNode> answers = new LinkedHashMap<>();
        for (JsonNode entry : entries(answer)) {
            assertThat(answers.put(entry.path("id").asText(), entry))
                    .as("another answer to " + entry)
                    .isNull();
        }
        return answers;
    }

    private static List<JsonNode> entries(HttpAnswer answer) {
        List<JsonNode> entries = new ArrayList<>();
        if (answer.first("Content-Type").orElse("").startsWith("application/x-ndjson")) {
            answer.text()
                    .lines()
                    .map(Envelopes::parse)
                    .filter(line -> line.has("id"))
                    .forEach(entries::add);
        } else {
            Envelopes.parse(answer.text()).path("responses").forEach(entries::add);
        }
        return entries;
    }

    /** The answer to the only item. */
    static JsonNode only(HttpAnswer answer) {
        Map<String, JsonNode> answers = answers(answer);
        assertThat(answers).hasSize(1);
        return answers.values().iterator().next();
    }

    static int status(JsonNode answer) {
        return answer.path("status").asInt();
    }

    /** The name of the problem that the endpoint has with an item; empty if it has none. */
    static String problem(JsonNode answer) {
        String type = answer.path("body").path("type").asText();
        return type.startsWith("urn:multistatus:") ? type.substring("urn:multistatus:".length()) : "";
    }
}
