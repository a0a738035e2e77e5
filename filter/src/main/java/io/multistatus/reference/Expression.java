package io.multistatus.reference;

import io.multistatus.model.HttpSyntax;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A reference to a part of another item's answer, in the style of the runtime expressions of OpenAPI 3.1 (section 4.8.20.4):
 *
 * <pre>
 *   expression = "{$" id "." part "}"
 *   part       = "status" / "header." token / "body" [ "#" json-pointer ]   ; RFC 9110, RFC 6901
 * </pre>
 *
 * <p>An expression ends with the first closing brace, so a member whose name has one in it cannot be referred to. What
 * only looks like an expression, or has an id that is not among those that may be referred to, is text.
 *
 * @param text as it was written
 * @param id the item whose answer it is about
 * @param part which part of it
 * @param argument the name of the header, or the JSON Pointer, empty for the whole body
 */
record Expression(String text, String id, Part part, String argument) {
    private static final String BEGIN = "{$";

    /** What can be referred to. */
    enum Part {
        STATUS,
        HEADER,
        BODY
    }

    /**
     * An expression where it stands.
     *
     * @param begin the index of its opening brace
     * @param end the index after its closing brace
     */
    record Place(int begin, int end, Expression expression) {}

    /** Whether there can be expressions in {@code text}. */
    static boolean mayBeIn(String text) {
        return text.contains(BEGIN);
    }

    /**
     * All expressions in {@code text}, from left to right.
     *
     * @param ids what may be referred to; of two that begin alike the longer one first
     */
    static List<Place> findAll(String text, List<String> ids) {
        List<Place> found = new ArrayList<>();
        int at = text.indexOf(BEGIN);
        while (at >= 0) {
            int begin = at;
            Optional<Expression> expression = parse(text, begin, ids);
            expression.ifPresent(
                    e -> found.add(new Place(begin, begin + e.text().length(), e)));
            int from = begin + expression.map(e -> e.text().length()).orElse(BEGIN.length());
            at = text.indexOf(BEGIN, from);
        }
        return found;
    }

    private static Optional<Expression> parse(String text, int begin, List<String> ids) {
        int afterBegin = begin + BEGIN.length();
        for (String id : ids) {
            if (text.startsWith(id, afterBegin)) {
                Optional<Expression> expression = parsePart(text, begin, id, afterBegin + id.length());
                if (expression.isPresent()) {
                    return expression;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Expression> parsePart(String text, int begin, String id, int at) {
        int end = text.indexOf('}', at);
        if (end < 0) {
            return Optional.empty();
        }
        String whole = text.substring(begin, end + 1);
        String part = text.substring(at, end);
        if (part.equals(".status")) {
            return Optional.of(new Expression(whole, id, Part.STATUS, ""));
        }
        if (part.equals(".body") || part.equals(".body#")) {
            return Optional.of(new Expression(whole, id, Part.BODY, ""));
        }
        if (part.startsWith(".body#/")) {
            return Optional.of(new Expression(whole, id, Part.BODY, part.substring(".body#".length())));
        }
        if (part.startsWith(".header.")) {
            String name = part.substring(".header.".length());
            return Optional.of(new Expression(whole, id, Part.HEADER, name)).filter(e -> HttpSyntax.isToken(name));
        }
        return Optional.empty();
    }
}
