package io.multistatus.reference;

import io.multistatus.model.Problem;
import io.multistatus.wire.RefusedRequestException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Puts values into a URL, each percent-encoded as one path segment or as part of a query: whatever it is, the URL has as
 * many segments afterwards as before, and goes to no place that its other segments do not say. Immutable.
 */
final class UrlTemplate {
    /** All others are percent-encoded: RFC 3986, section 2.3. */
    private static final String UNRESERVED_MARKS = "-._~";

    private static final String HEX = "0123456789ABCDEF";
    private static final Pattern ENCODED_DOT = Pattern.compile("%2[eE]");
    private static final Pattern SEPARATOR = Pattern.compile("[/\\\\]|%2[fF]|%5[cC]");
    private static final Set<String> DOT_SEGMENTS = Set.of(".", "..");

    private final String url;
    private final List<Expression.Place> places;

    /** The URL with the expressions in it. */
    UrlTemplate(String url, List<Expression.Place> places) {
        this.url = url;
        this.places = places;
    }

    /**
     * The URL with all values in it.
     *
     * @param values the text of each expression
     * @throws RefusedRequestException 400 if a value cannot be in a URL, or not where it is to be
     */
    String fill(Function<Expression, String> values) throws RefusedRequestException {
        StringBuilder filled = new StringBuilder(url.length());
        int[] begins = new int[places.size()];
        int end = 0;
        for (int i = 0; i < begins.length; i++) {
            Expression.Place place = places.get(i);
            filled.append(url, end, place.begin());
            begins[i] = filled.length();
            filled.append(encode(place.expression(), values.apply(place.expression())));
            end = place.end();
        }
        filled.append(url, end, url.length());
        checkSegments(filled.toString(), begins);
        return filled.toString();
    }

    /** How many characters {@code value} takes in a URL. */
    static long encodedLength(String value) {
        long length = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x80) {
                length += isUnreserved(c) ? 1 : 3;
            } else {
                // Each half of a surrogate pair stands for two of its four bytes.
                length += c < 0x800 || Character.isSurrogate(c) ? 6 : 9;
            }
        }
        return length;
    }

    /** Each one once, however many values are in it. */
    private void checkSegments(String filled, int[] begins) throws RefusedRequestException {
        int query = filled.indexOf('?');
        int pathEnd = query < 0 ? filled.length() : query;
        int checked = -1;
        for (int i = 0; i < begins.length && begins[i] <= pathEnd; i++) {
            if (begins[i] > checked) {
                int slash = filled.indexOf('/', begins[i]);
                checked = slash < 0 ? pathEnd : Math.min(slash, pathEnd);
                int begin = filled.lastIndexOf('/', begins[i] - 1) + 1;
                checkSegment(filled.substring(begin, checked), places.get(i).expression());
            }
        }
    }

    private static String encode(Expression expression, String value) throws RefusedRequestException {
        ByteBuffer utf8;
        try {
            utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
        } catch (CharacterCodingException e) {
            throw refused(expression, "has half a surrogate pair, which cannot be in a URL");
        }
        StringBuilder encoded = new StringBuilder(utf8.remaining() + 16);
        while (utf8.hasRemaining()) {
            int b = utf8.get() & 0xff;
            if (isUnreserved(b)) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HEX.charAt(b >> 4)).append(HEX.charAt(b & 0xf));
            }
        }
        return encoded.toString();
    }

    private static boolean isUnreserved(int b) {
        boolean alphanumeric = (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
        return alphanumeric || UNRESERVED_MARKS.indexOf(b) >= 0;
    }

    /** A segment of the path must be neither empty nor one of dots only. */
    private static void checkSegment(String segment, Expression expression) throws RefusedRequestException {
        int parameters = segment.indexOf(';');
        String name = parameters < 0 ? segment : segment.substring(0, parameters);
        if (name.isEmpty()) {
            throw refused(expression, "is empty, and would leave a path segment empty");
        }
        // What a container that decodes slashes would make of it.
        String decoded = ENCODED_DOT.matcher(name).replaceAll(".");
        if (SEPARATOR.splitAsStream(decoded).anyMatch(DOT_SEGMENTS::contains)) {
            throw refused(expression, "would make a dot segment of a path segment");
        }
    }

    private static RefusedRequestException refused(Expression expression, String why) {
        return new RefusedRequestException(
                Problem.malformedRequest("The value of " + Problem.quote(expression.text()) + " in the url " + why));
    }
}
