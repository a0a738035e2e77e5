package io.multistatus.format.multipart;

import io.multistatus.format.RequestLine;
import io.multistatus.model.BatchBuilder;
import io.multistatus.model.BatchException;
import io.multistatus.model.Headers;
import io.multistatus.model.HttpSyntax;
import io.multistatus.model.Problem;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Fields from lines, up to the empty one (RFC 9112, section 5; RFC 2046, section 5.1). A line that begins with white space
 * goes on where the one before it ended.
 */
final class FieldLines {

    /** Where lines come from. */
    @FunctionalInterface
    interface Lines {
        /** The next line; null if there is none. */
        @Nullable
        String next() throws IOException;
    }

    private FieldLines() {}

    /**
     * The fields. The lines are read to the empty one in any case.
     *
     * @param batch has the room for them
     * @throws MalformedPartException if they are malformed or too many; with the Content-ID among those that are not
     * @throws BatchException 503 if there is no room
     */
    static Headers read(Lines lines, BatchBuilder batch) throws MalformedPartException, BatchException, IOException {
        Headers.Builder fields = Headers.builder();
        int count = 0;
        Problem fault = null;
        String line = lines.next();
        while (line != null && !line.isEmpty()) {
            StringBuilder field = new StringBuilder(line);
            line = lines.next();
            while (line != null && !line.isEmpty() && (line.charAt(0) == ' ' || line.charAt(0) == '\t')) {
                field.append(' ').append(HttpSyntax.trim(line));
                line = lines.next();
            }
            Problem own = null;
            if (count < RequestLine.MAX_FIELDS) {
                count++;
                batch.reserveField();
                own = add(field.toString(), fields);
            } else if (fault == null) {
                own = RequestLine.tooManyFields();
            }
            fault = fault == null ? own : fault;
        }
        if (fault != null) {
            throw new MalformedPartException(fault, PartHead.id(fields.build()));
        }
        return fields.build();
    }

    private static @Nullable Problem add(String field, Headers.Builder fields) {
        int colon = field.indexOf(':');
        String name = colon < 0 ? "" : field.substring(0, colon);
        if (!HttpSyntax.isToken(name)) {
            return Problem.malformedRequest("a header has no name that is an HTTP token, before a colon: "
                    + Problem.quote(colon < 0 ? field : name));
        }
        String value = HttpSyntax.trim(field.substring(colon + 1));
        if (!HttpSyntax.isFieldValue(value)) {
            return Problem.malformedRequest("header " + Problem.quote(name) + " has a control in its value");
        }
        fields.add(name, value);
        return null;
    }
}
