package io.multistatus.demo;

import static io.multistatus.demo.Visitor.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.StreamSupport;

/** What is in the answer to a batch. */
final class Envelope {
    private Envelope() {}

    static JsonNode item(HttpResponse<String> answer, int index) {
        return json(answer).at("/responses/" + index);
    }

    static List<Integer> statuses(HttpResponse<String> answer) {
        return statuses(207, answer);
    }

    /** Those of the items, if that of the whole is {@code whole}. */
    static List<Integer> statuses(int whole, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(whole);
        return items(answer).stream()
                .map(response -> response.get("status").intValue())
                .toList();
    }

    static List<String> ids(HttpResponse<String> answer) {
        return items(answer).stream()
                .map(response -> response.get("id").asText())
                .toList();
    }

    static List<JsonNode> items(HttpResponse<String> answer) {
        return StreamSupport.stream(json(answer).get("responses").spliterator(), false)
                .toList();
    }
}
