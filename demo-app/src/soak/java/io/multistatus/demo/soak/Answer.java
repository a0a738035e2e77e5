package io.multistatus.demo.soak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/**
 * What came back for one request.
 *
 * @param status the HTTP status
 * @param headers by their names in lower case
 * @param text its body, in UTF-8
 */
record Answer(int status, Map<String, String> headers, String text) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** The field of that name; empty if there is none. */
    String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    JsonNode json() throws IOException {
        return parse(text);
    }

    static JsonNode parse(String json) throws IOException {
        return MAPPER.readTree(json);
    }
}
