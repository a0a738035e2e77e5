package io.multistatus.equivalence;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What came back over the wire for one request.
 *
 * @param status the final status; 0 if there was none
 * @param reason the reason phrase of the status line
 * @param fields the header fields in order
 * @param body the body's bytes, as many as came
 * @param broken how the answer ended before it was whole, or null if it is whole
 * @param clientPort the port it was asked from
 */
@SuppressWarnings("ArrayRecordComponent") // nobody changes the bytes
public record HttpAnswer(int status, String reason, List<Field> fields, byte[] body, String broken, int clientPort) {

    /** The value of the first field of that name. */
    public Optional<String> first(String name) {
        return fields.stream().filter(field -> field.is(name)).map(Field::value).findFirst();
    }

    /** The values of all fields of that name. */
    public List<String> all(String name) {
        return fields.stream().filter(field -> field.is(name)).map(Field::value).toList();
    }

    /** The body as UTF-8 text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
