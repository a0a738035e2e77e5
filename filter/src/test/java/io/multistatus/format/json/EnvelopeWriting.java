package io.multistatus.format.json;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.multistatus.format.Dialect;
import io.multistatus.format.EnvelopeWriter;
import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Writes envelopes for the tests of this package and reads them back, strictly. */
final class EnvelopeWriting {
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final ObjectMapper LENIENT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private EnvelopeWriting() {}

    static byte[] write(Summary summary, ItemId id, Subresponse... responses) throws IOException {
        EnvelopeWriter writer = new JsonBatchFormat().newWriter(Dialect.NATIVE, 207);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writer.begin(bytes);
        for (int i = 0; i < responses.length; i++) {
            writer.item(request(i, id), responses[i], bytes);
        }
        writer.end(summary, bytes);
        return bytes.toByteArray();
    }

    /** The entry of one answer, as it is written. */
    static String entry(Subresponse response) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new JsonBatchFormat().newWriter(Dialect.NATIVE, 207).item(request(0, ItemId.of("a")), response, bytes);
        return bytes.toString(StandardCharsets.UTF_8).strip();
    }

    /** The entry of one answer, out of a whole envelope that has been read back. */
    static JsonNode readBack(Subresponse response) throws IOException {
        byte[] envelope = write(new Summary(1, 0, List.of(), OptionalLong.empty()), ItemId.of("a"), response);
        return parse(envelope).get("responses").get(0);
    }

    /** The same, where the host's JSON may have duplicate names. */
    static JsonNode readBackLeniently(Subresponse response) throws IOException {
        byte[] envelope = write(new Summary(1, 0, List.of(), OptionalLong.empty()), ItemId.of("a"), response);
        return LENIENT.readTree(utf8(envelope)).get("responses").get(0);
    }

    static JsonNode parse(byte[] json) throws IOException {
        return STRICT.readTree(utf8(json));
    }

    static Subrequest request(int index, @Nullable ItemId id) {
        return new Subrequest(index, id, "GET", "/", Headers.empty(), null, List.of(), null, null);
    }

    static Subresponse response(@Nullable String contentType, byte[] body) {
        return Subresponse.of(
                200,
                contentType == null ? Headers.empty() : Headers.of("Content-Type", contentType),
                ByteBuffer.wrap(body));
    }

    private static String utf8(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }
}
