package io.multistatus.demo.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of a JSON object, read one by one; what is wrong with them is told all at once. */
final class Fields {
    private final ObjectNode object;
    private final List<Problem.FieldError> errors = new ArrayList<>();

    Fields(ObjectNode object) {
        this.object = object;
    }

    /** Whether there is a field of that name, whatever it holds. */
    boolean has(String name) {
        return object.has(name);
    }

    /** A required whole number; 0 if it is wrong, so {@link #check()} before it is used. */
    long number(String name, long min, long max) {
        JsonNode node = object.path(name);
        if (node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= min && node.longValue() <= max) {
            return node.longValue();
        }
        errors.add(new Problem.FieldError(name, "must be a whole number from " + min + " to " + max + seen(node)));
        return 0;
    }

    /** A text that may be absent. */
    @Nullable
    String optionalText(String name, int maxLength) {
        JsonNode node = object.path(name);
        return node.isMissingNode() || node.isNull() ? null : text(name, maxLength);
    }

    /** A required text; empty if it is wrong, so {@link #check()} before it is used. */
    String text(String name, int maxLength) {
        JsonNode node = object.path(name);
        if (node.isTextual() && !node.textValue().isBlank() && node.textValue().length() <= maxLength) {
            return node.textValue();
        }
        errors.add(new Problem.FieldError(name, "must be a text of 1 to " + maxLength + " characters" + seen(node)));
        return "";
    }

    /** Throws a 422 that names every field that was wrong. */
    void check() throws ProblemException {
        if (!errors.isEmpty()) {
            throw ProblemException.invalid(errors);
        }
    }

    private static String seen(JsonNode node) {
        if (node.isMissingNode()) {
            return "; it is missing";
        }
        String json = node.toString();
        return ", not " + (json.length() <= 40 ? json : json.substring(0, 40) + "...");
    }
}
