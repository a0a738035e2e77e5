package io.multistatus.reference;

import io.multistatus.content.JsonOutput;
import io.multistatus.content.StrictJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an expression yields, as JSON and as text; each is made when it is first asked for. Not thread-safe. */
final class Value {
    private final JsonSlice json;
    private @Nullable String text;
    private byte @Nullable [] escaped;

    private Value(JsonSlice json) {
        this.json = json;
    }

    /** A JSON value as the host wrote it. */
    static Value of(JsonSlice json) {
        return new Value(json);
    }

    /** A number that stands for itself. */
    static Value of(int number) {
        byte[] digits = Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
        return new Value(new JsonSlice(digits, 0, digits.length));
    }

    /** A text. */
    static Value of(String text) {
        byte[] quoted = quote(text);
        Value value = new Value(new JsonSlice(quoted, 0, quoted.length));
        value.text = text;
        return value;
    }

    /** As JSON. */
    JsonSlice json() {
        return json;
    }

    /** The text of a string, the JSON of anything else; empty for null. */
    Optional<String> text() {
        if (text == null) {
            byte first = json.bytes()[json.offset()];
            if (first == 'n') {
                return Optional.empty();
            }
            text = first == '"'
                    ? StrictJson.decodeString(json.bytes(), json.offset(), json.length())
                    : new String(json.bytes(), json.offset(), json.length(), StandardCharsets.UTF_8);
        }
        return Optional.of(text);
    }

    /** The text as it stands between the quotes of a JSON string; empty for null. */
    Optional<JsonSlice> escapedText() {
        if (escaped == null) {
            Optional<String> plain = text();
            if (plain.isEmpty()) {
                return Optional.empty();
            }
            escaped = quote(plain.get());
        }
        return Optional.of(new JsonSlice(escaped, 1, escaped.length - 2));
    }

    private static byte[] quote(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() + 2);
        try {
            new JsonOutput().to(bytes).string(text).handOver();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }
}
