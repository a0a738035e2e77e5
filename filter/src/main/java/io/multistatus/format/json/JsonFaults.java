package io.multistatus.format.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.multistatus.content.StrictJson;
import io.multistatus.model.BatchException;
import io.multistatus.model.Problem;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How faults in a batch are told to its client. */
final class JsonFaults {
    private static final Pattern HARMLESS = Pattern.compile("Unexpected c|Illegal|Invalid|Unrecognized char");
    private static final Pattern EXTRA = Pattern.compile(": maybe|: JSON spec|: enable| \\((for|consider) |\\[Source");

    private JsonFaults() {}

    /** The refusal of the whole batch, with the place in the JSON where {@code parser} stands. */
    static BatchException malformed(String fault, JsonParser parser) {
        return new BatchException(Problem.malformedBatch(fault + at(parser.currentTokenLocation())));
    }

    /** The refusal of a batch that is no JSON, or none that we read. */
    static BatchException notJson(JsonProcessingException cause, JsonParser parser) {
        if (parser.getParsingContext().getNestingDepth() > StrictJson.MAX_BATCH_DEPTH) {
            return new BatchException(Problem.malformedBatch("The batch is nested deeper than "
                    + StrictJson.MAX_BATCH_DEPTH + " levels" + at(parser.currentLocation())));
        }
        JsonLocation where = cause.getLocation() == null ? parser.currentLocation() : cause.getLocation();
        return new BatchException(Problem.malformedBatch("The batch is not JSON: " + reason(cause) + at(where)), cause);
    }

    /** What kind of value a token is or begins, with its article. */
    static String kind(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT -> "an integer";
            case VALUE_NUMBER_FLOAT -> "a fraction";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            default -> "no value";
        };
    }

    private static String at(JsonLocation where) {
        return " (line " + where.getLineNr() + ", column " + where.getColumnNr() + ")";
    }

    /** Jackson's words, if they neither quote the batch nor give advice that is not for its client. */
    private static String reason(JsonProcessingException cause) {
        if (cause instanceof JsonEOFException) {
            return "it ends too early";
        }
        String message = cause.getOriginalMessage();
        if (message == null || !HARMLESS.matcher(message).lookingAt()) {
            return "syntax error";
        }
        Matcher extra = EXTRA.matcher(message);
        return extra.find() ? message.substring(0, extra.start()) : message;
    }
}
