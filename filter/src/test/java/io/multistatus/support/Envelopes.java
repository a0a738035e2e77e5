package io.multistatus.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** Looks into envelopes. */
public final class Envelopes {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Envelopes() {}

    public static JsonNode of(HttpResponse<String> response) {
        return parse(response.body());
    }

    public static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON: " + json, e);
        }
    }

    /** The item's entry; fails if there is none of that id. */
    public static JsonNode item(HttpResponse<String> response, String id) {
        for (JsonNode item : of(response).path("responses")) {
            if (item.path("id").asText().equals(id)) {
                return item;
            }
        }
        throw new AssertionError("no item '" + id + "' in " + response.statusCode() + " " + response.body());
    }

    /** The statuses in document order. */
    public static List<Integer> statuses(HttpResponse<String> response) {
        List<Integer> statuses = new ArrayList<>();
        of(response)
                .path("responses")
                .forEach(item -> statuses.add(item.path("status").asInt()));
        return statuses;
    }

    /** A batch of GETs with the ids 0, 1, 2 ... */
    public static String gets(String... urls) {
        List<String> items = new ArrayList<>();
        for (String url : urls) {
            items.add("{\"id\":\"" + items.size() + "\",\"method\":\"GET\",\"url\":\"" + url + "\"}");
        }
        return batch(items.toArray(String[]::new));
    }

    /** A batch of items that are JSON already. */
    public static String batch(String... items) {
        return "{\"requests\":[" + String.join(",", items) + "]}";
    }
}
