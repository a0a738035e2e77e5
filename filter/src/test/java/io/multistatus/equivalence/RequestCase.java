package io.multistatus.equivalence;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A request that can be sent both ways. Immutable.
 *
 * @param name what the test is called
 * @param method any token
 * @param target path and query exactly as they are to be written, ASCII without space, control or {@code #}
 * @param fields what an item may say of itself
 * @param outer what an item inherits: on the outer request of a batch, beside {@code fields} on the wire
 * @param session which session its cookie is for
 * @param body the body, or null for none: neither bytes nor Content-Length
 */
@SuppressWarnings("ArrayRecordComponent") // nobody changes the bytes
public record RequestCase(
        String name,
        String method,
        String target,
        List<Field> fields,
        List<Field> outer,
        SessionNeed session,
        byte[] body) {

    /** An HTTP client that has no body for these says {@code Content-Length: 0} (RFC 9110, section 8.6). */
    private static final Set<String> EXPECT_A_BODY = Set.of("POST", "PUT", "PATCH");

    /** The session that a request belongs to. */
    public enum SessionNeed {
        NONE,
        /** One made just before, whose {@code value} is "kept"; requests of one batch share it. */
        SHARED,
        /** One made just before, that nobody else uses: the request changes it. */
        OWN
    }

    /** A request without body, named after itself. */
    public static RequestCase of(String method, String target) {
        return new RequestCase(
                method + " " + abbreviate(target), method, target, List.of(), List.of(), SessionNeed.NONE, null);
    }

    /** A GET, named after itself. */
    public static RequestCase get(String target) {
        return of("GET", target);
    }

    /** The same to a target below {@code path}. */
    public RequestCase below(String path) {
        return new RequestCase(name, method, path + target, fields, outer, session, body);
    }

    /** The body as a client sends it that has none for a method that expects one: an empty one, Content-Length 0. */
    public byte[] bodyOnTheWire() {
        return body == null && EXPECT_A_BODY.contains(method) ? new byte[0] : body;
    }

    /** The same with something that tells it from others added to its name. */
    public RequestCase named(String more) {
        return new RequestCase(name + " " + more, method, target, fields, outer, session, body);
    }

    /** The same with one more field of its own. */
    public RequestCase with(String field, String value) {
        return new RequestCase(name, method, target, plus(fields, field, value), outer, session, body);
    }

    /** The same with one more field that stands on the outer request. */
    public RequestCase withOuter(String field, String value) {
        return new RequestCase(name, method, target, fields, plus(outer, field, value), session, body);
    }

    /** The same within a session. */
    public RequestCase within(SessionNeed need) {
        return new RequestCase(name, method, target, fields, outer, need, body);
    }

    /** The same with a body. */
    public RequestCase body(String contentType, byte[] bytes) {
        return new RequestCase(name, method, target, plus(fields, "Content-Type", contentType), outer, session, bytes);
    }

    /** The type of the body, or empty. */
    public String contentType() {
        return fields.stream()
                .filter(field -> field.is("Content-Type"))
                .map(Field::value)
                .findFirst()
                .orElse("");
    }

    @Override
    public String toString() {
        return name;
    }

    private static String abbreviate(String target) {
        return target.length() <= 80 ? target : target.substring(0, 60) + "... (" + target.length() + " characters)";
    }

    private static List<Field> plus(List<Field> fields, String name, String value) {
        List<Field> more = new ArrayList<>(fields);
        more.add(new Field(name, value));
        return List.copyOf(more);
    }
}
