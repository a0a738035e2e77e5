package io.multistatus.content;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Jackson's parser as we need it: RFC 8259 to the letter, UTF-8 and nothing else, and no limits but on nesting - how
 * long a string, a number or a name may be is for the handlers to judge that the bytes are meant for.
 */
public final class StrictJson {
    /** How deep a batch may be nested, its own three levels included. */
    public static final int MAX_BATCH_DEPTH = 100;
    /** How deep a response may be nested that goes inline: with the envelope around it, Jackson's default of 1000. */
    public static final int MAX_BODY_DEPTH = 997;

    /** Names up to this length may be remembered, in characters. */
    private static final int MAX_REMEMBERED_NAME = 100;

    private static final StreamReadConstraints BATCHES = constraints(MAX_BATCH_DEPTH);
    private static final StreamReadConstraints BODIES = constraints(MAX_BODY_DEPTH);
    private static final JsonFactory STRINGS = factory(BATCHES);

    /**
     * For the host's bodies, which mostly have the same names. All parsers of a factory share a table of some thousand names
     * however long, so it is given up with the first long one, and those who can choose the names have one of their own.
     */
    private static volatile JsonFactory bodies = factory(BODIES);

    private StrictJson() {}

    /** A parser for a batch; it does not close {@code body}. */
    public static JsonParser parser(InputStream body) throws IOException {
        return factory(BATCHES).createParser(body);
    }

    /** A parser for a body. */
    public static JsonParser bodyParser(byte[] json, int offset, int length) throws IOException {
        return factory(BODIES).createParser(json, offset, length);
    }

    /** What a JSON string says, given as it is written, quotes included; the batch's parser has already read it once. */
    public static String decodeString(byte[] json, int offset, int length) {
        try (JsonParser parser = STRINGS.createParser(json, offset, length)) {
            parser.nextToken();
            return parser.getText();
        } catch (IOException e) {
            throw new UncheckedIOException("a string that has been read once cannot be read again", e);
        }
    }

    /** Whether the bytes are one JSON text in UTF-8, white space around it allowed, and not nested too deep. */
    public static boolean isJsonText(byte[] bytes, int offset, int length) {
        if (!Utf8Check.isUtf8(bytes, offset, length)) {
            return false;
        }
        boolean remember = false;
        try (JsonParser parser = bodies.createParser(bytes, offset, length)) {
            if (parser.nextToken() == null) {
                return false;
            }
            remember = skipValue(parser);
            return parser.nextToken() == null;
        } catch (JsonProcessingException e) {
            remember = false;
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        } finally {
            if (!remember) {
                bodies = factory(BODIES);
            }
        }
    }

    /** Returns whether all names in the value are short. */
    private static boolean skipValue(JsonParser parser) throws IOException {
        boolean shortNames = true;
        while (!parser.getParsingContext().inRoot()) {
            if (parser.nextToken() == JsonToken.FIELD_NAME) {
                shortNames = shortNames && parser.getTextLength() <= MAX_REMEMBERED_NAME;
            }
        }
        return shortNames;
    }

    private static JsonFactory factory(StreamReadConstraints constraints) {
        return JsonFactory.builder()
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
                .streamReadConstraints(constraints)
                .build();
    }

    private static StreamReadConstraints constraints(int maxDepth) {
        StreamReadConstraints.Builder constraints = StreamReadConstraints.builder()
                .maxNestingDepth(maxDepth)
                .maxStringLength(Integer.MAX_VALUE)
                .maxNumberLength(Integer.MAX_VALUE);
        liftNameLength(constraints);
        return constraints.build();
    }

    /** The limit on names came with Jackson 2.16; 2.15 has neither the limit nor the method. */
    private static void liftNameLength(StreamReadConstraints.Builder constraints) {
        try {
            StreamReadConstraints.Builder.class
                    .getMethod("maxNameLength", int.class)
                    .invoke(constraints, Integer.MAX_VALUE);
        } catch (NoSuchMethodException e) {
            return;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Jackson's limit on the length of names cannot be lifted", e);
        }
    }
}
