package io.multistatus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A JSON document in which some things depend on the configuration. Immutable.
 *
 * <pre>
 *   {"x-when": "jobs", ...}       is left out, with its name, unless the condition holds
 *   "${maxRequests}"              is the value, of whatever type; in a longer string, or in a name, its text
 *   {"anyOf": [...]}              is the only one of them that is left, if there is nothing else in it
 *   "description": ["...", ...]   is one text of several lines, each a string, or {"x-when": ..., "text": ...}
 * </pre>
 */
final class OpenApiTemplate {
    private static final String RESOURCE = "openapi.json";
    private static final String WHEN = "x-when";
    private static final String DESCRIPTION = "description";
    private static final String ANY_OF = "anyOf";
    private static final Pattern PLACE = Pattern.compile("\\$\\{(\\w+)}");

    private final JsonNode root;

    private OpenApiTemplate(JsonNode root) {
        this.root = root;
    }

    /** That of this jar. Read each time: what is made of it is kept. */
    static OpenApiTemplate packaged() throws IOException {
        try (InputStream in = Objects.requireNonNull(OpenApiTemplate.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return new OpenApiTemplate(new ObjectMapper().readTree(in));
        }
    }

    /**
     * The document.
     *
     * @param conditions all that there are, and whether they hold
     * @param values what is put in, by name
     * @throws IllegalArgumentException if the template has a condition or place that is not among these
     */
    JsonNode fill(Map<String, Boolean> conditions, Map<String, JsonNode> values) {
        return new Filling(conditions, values).filled(root);
    }

    private record Filling(Map<String, Boolean> conditions, Map<String, JsonNode> values) {

        JsonNode filled(JsonNode node) {
            if (node.isObject()) {
                ObjectNode object = object(node);
                JsonNode choices = object.path(ANY_OF);
                return object.size() == 1 && choices.size() == 1 ? choices.get(0) : object;
            }
            if (node.isArray()) {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                node.forEach(element -> {
                    if (isWanted(element)) {
                        array.add(filled(element));
                    }
                });
                return array;
            }
            return node.isTextual() ? value(node.textValue()) : node;
        }

        private ObjectNode object(JsonNode node) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            for (Map.Entry<String, JsonNode> member : node.properties()) {
                String name = member.getKey();
                JsonNode value = member.getValue();
                if (name.equals(DESCRIPTION) && value.isArray()) {
                    object.put(name, lines(value));
                } else if (!name.equals(WHEN) && isWanted(value)) {
                    object.set(text(name), filled(value));
                }
            }
            return object;
        }

        private boolean isWanted(JsonNode node) {
            String condition = node.path(WHEN).textValue();
            return condition == null || known(conditions.get(condition), condition);
        }

        private String lines(JsonNode array) {
            StringJoiner lines = new StringJoiner("\n");
            for (JsonNode line : array) {
                if (isWanted(line)) {
                    lines.add(text(line.isObject() ? line.path("text").asText() : line.asText()));
                }
            }
            return lines.toString();
        }

        private JsonNode value(String written) {
            Matcher place = PLACE.matcher(written);
            return place.matches() ? known(values.get(place.group(1)), written) : TextNode.valueOf(text(written));
        }

        private String text(String written) {
            return PLACE.matcher(written)
                    .replaceAll(place -> Matcher.quoteReplacement(
                            known(values.get(place.group(1)), written).asText()));
        }

        private static <T> T known(@Nullable T found, String name) {
            if (found == null) {
                throw new IllegalArgumentException("The template has '" + name + "', which nobody knows");
            }
            return found;
        }
    }
}
