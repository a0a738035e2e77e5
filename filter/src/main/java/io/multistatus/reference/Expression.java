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
    private static final String BODY = ".body";
    private static final String HEADER = ".header.";

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
        ClosingBraces braces = new ClosingBraces(text);
        int at = text.indexOf(BEGIN);
        while (at >= 0) {
            int begin = at;
            Optional<Expression> expression = parse(text, begin, ids, braces);
            expression.ifPresent(
                    e -> found.add(new Place(begin, begin + e.text().length(), e)));
            int from = begin + expression.map(e -> e.text().length()).orElse(BEGIN.length());
            at = text.indexOf(BEGIN, from);
        }
        return found;
    }

    private static Optional<Expression> parse(String text, int begin, List<String> ids, ClosingBraces braces) {
        int afterBegin = begin + BEGIN.length();
        for (String id : ids) {
            if (text.startsWith(id, afterBegin)) {
                int at = afterBegin + id.length();
                Optional<Expression> expression = parsePart(text, begin, id, at, braces.after(at));
                if (expression.isPresent()) {
                    return expression;
                }
            }
        }
        return Optional.empty();
    }

    /** Of what is no expression nothing is copied: a text may consist of millions of beginnings. */
    private static Optional<Expression> parsePart(String text, int begin, String id, int at, int end) {
        if (end == text.length()) {
            return Optional.empty();
        }
        if (isPart(text, at, end, ".status")) {
            return Optional.of(new Expression(text.substring(begin, end + 1), id, Part.STATUS, ""));
        }
        if (isPart(text, at, end, BODY) || isPart(text, at, end, BODY + "#")) {
            return Optional.of(new Expression(text.substring(begin, end + 1), id, Part.BODY, ""));
        }
        if (text.startsWith(BODY + "#/", at)) {
            String pointer = text.substring(at + BODY.length() + 1, end);
            return Optional.of(new Expression(text.substring(begin, end + 1), id, Part.BODY, pointer));
        }
        int name = at + HEADER.length();
        if (text.startsWith(HEADER, at) && HttpSyntax.isToken(text, name, end)) {
            return Optional.of(
                    new Expression(text.substring(begin, end + 1), id, Part.HEADER, text.substring(name, end)));
        }
        return Optional.empty();
    }

    private static boolean isPart(String text, int at, int end, String part) {
        return end - at == part.length() && text.startsWith(part, at);
    }

    /** Where braces close, looked for once for all places that have none between them. Not thread-safe. */
    private static final class ClosingBraces {
        private final String text;
        private int from;
        private int next = -1;

        ClosingBraces(String text) {
            this.text = text;
        }

        /** The first one at {@code at} or after it; the length of the text if there is none. */
        int after(int at) {
            if (at < from || at > next) {
                int brace = text.indexOf('}', at);
                from = at;
                next = brace < 0 ? text.length() : brace;
            }
            return next;
        }
    }
}
