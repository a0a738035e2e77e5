package io.multistatus.content;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
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

    private static final JsonFactory BATCHES = factory(MAX_BATCH_DEPTH);
    private static final JsonFactory BODIES = factory(MAX_BODY_DEPTH);

    private StrictJson() {}

    /** A parser for a batch; it does not close {@code body}. */
    public static JsonParser parser(InputStream body) throws IOException {
        return BATCHES.createParser(body);
    }

    /** A parser for a body. */
    public static JsonParser bodyParser(byte[] json, int offset, int length) throws IOException {
        return BODIES.createParser(json, offset, length);
    }

    /** What a JSON string says, given as it is written, quotes included; the batch's parser has already read it once. */
    public static String decodeString(byte[] json, int offset, int length) {
        try (JsonParser parser = BATCHES.createParser(json, offset, length)) {
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
        try (JsonParser parser = BODIES.createParser(bytes, offset, length)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (JsonProcessingException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }

    private static JsonFactory factory(int maxDepth) {
        StreamReadConstraints.Builder constraints = StreamReadConstraints.builder()
                .maxNestingDepth(maxDepth)
                .maxStringLength(Integer.MAX_VALUE)
                .maxNumberLength(Integer.MAX_VALUE);
        liftNameLength(constraints);
        return JsonFactory.builder()
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
                .streamReadConstraints(constraints.build())
                .build();
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
