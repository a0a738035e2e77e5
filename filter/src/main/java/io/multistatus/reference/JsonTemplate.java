package io.multistatus.reference;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.multistatus.content.StrictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A JSON text with expressions in its strings; all its other bytes stay as they were written. Immutable. */
final class JsonTemplate {

    /**
     * Where an expression stands.
     *
     * @param begin the index of its first byte in the array; of the quote before it if it is the whole string
     * @param end the index after its last byte, or after the quote
     * @param wholeString whether the string consists of nothing else, so that a value of any type can take its place
     */
    record Place(int begin, int end, boolean wholeString, Expression expression) {}

    private JsonTemplate() {}

    /**
     * All expressions in string values, from left to right; names of members are not looked at.
     *
     * @param json one JSON text in UTF-8
     * @param ids what may be referred to; of two that begin alike the longer one first
     */
    static List<Place> places(byte[] json, int offset, int length, List<String> ids) {
        if (!mayHaveExpressions(json, offset, offset + length)) {
            return List.of();
        }
        List<Place> places = new ArrayList<>();
        try (JsonParser parser = StrictJson.bodyParser(json, offset, length)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING) {
                    int begin = offset + (int) parser.currentTokenLocation().getByteOffset();
                    parser.finishToken();
                    int end = offset + (int) parser.currentLocation().getByteOffset();
                    if (mayHaveExpressions(json, begin, end)) {
                        addPlaces(json, begin, end, ids, places);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("JSON that has been read once cannot be read again", e);
        }
        return places;
    }

    /** Whether the beginning of an expression is there as it is, or one of its characters as an escape. */
    private static boolean mayHaveExpressions(byte[] json, int begin, int end) {
        for (int i = begin; i < end - 1; i++) {
            boolean plain = json[i] == '{' && json[i + 1] == '$';
            boolean escaped = json[i] == '\\' && json[i + 1] == 'u';
            if (plain || escaped) {
                return true;
            }
        }
        return false;
    }

    private static void addPlaces(byte[] json, int begin, int end, List<String> ids, List<Place> places) {
        StringLiteral literal = new StringLiteral(json, begin, end);
        String text = literal.text();
        for (Expression.Place place : Expression.findAll(text, ids)) {
            boolean whole = place.begin() == 0 && place.end() == text.length();
            places.add(
                    whole
                            ? new Place(begin, end, true, place.expression())
                            : new Place(
                                    literal.position(place.begin()),
                                    literal.position(place.end()),
                                    false,
                                    place.expression()));
        }
    }

    /** A string as it is written, and where in the bytes each of its characters begins. */
    private static final class StringLiteral {
        private final StringBuilder text = new StringBuilder();
        private final int[] positions;

        /** A string that has been read once: what stands between {@code begin} and {@code end}, quotes included. */
        StringLiteral(byte[] json, int begin, int end) {
            // No character takes less than a byte, and no byte is the beginning of two characters but that of a pair.
            positions = new int[end - begin];
            int at = begin + 1;
            while (at < end - 1) {
                at = json[at] == '\\' ? escape(json, at) : plain(json, at);
            }
            positions[text.length()] = at;
        }

        private int escape(byte[] json, int at) {
            char escaped = (char) json[at + 1];
            if (escaped == 'u') {
                String hex = new String(json, at + 2, 4, StandardCharsets.US_ASCII);
                append((char) Integer.parseInt(hex, 16), at);
                return at + 6;
            }
            int control = "bfnrt".indexOf(escaped);
            append(control < 0 ? escaped : "\b\f\n\r\t".charAt(control), at);
            return at + 2;
        }

        private int plain(byte[] json, int at) {
            int lead = json[at] & 0xff;
            int length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
            if (length == 1) {
                append((char) lead, at);
            } else {
                String character = new String(json, at, length, StandardCharsets.UTF_8);
                character.chars().forEach(c -> append((char) c, at));
            }
            return at + length;
        }

        private void append(char c, int at) {
            positions[text.length()] = at;
            text.append(c);
        }

        String text() {
            return text.toString();
        }

        /** Where the character at {@code index} begins; for the index after the last one, where the string ends. */
        int position(int index) {
            return positions[index];
        }
    }
}
