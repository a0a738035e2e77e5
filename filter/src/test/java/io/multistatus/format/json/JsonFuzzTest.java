package io.multistatus.format.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.format.Dialect;
import io.multistatus.model.Batch;
import io.multistatus.model.BatchBuilder;
import io.multistatus.model.BatchException;
import io.multistatus.support.Allocation;
import io.multistatus.support.BatchInvariants;
import io.multistatus.support.FuzzedInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** Whatever bytes come, they are a batch or a clear refusal, within bounds. How many are tried: {@code jqwik.tries.default}. */
class JsonFuzzTest {
    private static final int MAX_REQUESTS = 20;
    /** For buffers, and for classes that are loaded on the way. */
    private static final long BYTES_AT_LEAST = 2_000_000;
    /** An item that is not more than an id has a fault with a text. */
    private static final long BYTES_PER_ITEM = 5_000;
    /** A member's name of one letter takes an entry in Jackson's table of names. */
    private static final long BYTES_PER_BYTE = 64;

    private static final String DEEP = "[".repeat(97) + "]".repeat(97);

    private static final List<byte[]> CORPUS = Stream.of(
                    """
                    {"requests": [
                      {"id": "a", "method": "POST", "url": "/carts", "body": {"name": "x", "n": -0.10E+9, "l": [true, null]}},
                      {"id": 2, "method": "GET", "url": "x?y=z", "headers": {"Accept": ["a", "b"], "X-Y": " z "}, "dependsOn": ["a"]}
                    ], "x": [true, {"y": -0.1e9}]}
                    """,
                    """
                    \ufeff{"requests":[
                    {"url":"/n","body":"H\u00e4\u20ac\ud83d\ude00\\ud83d\\ude00\\u0041","id":"t","headers":{"Content-Type":"text/plain;charset=utf-8"},"method":"PUT"},
                    {"id":"u","method":"PUT","url":"/n","body":"\u00e4","bodyEncoding":"text","headers":{"content-type":"a/b;charset=utf-16"}},
                    {"id":"b","method":"PUT","url":"/n","headers":{"Content-Type":"image/png"},"body":"iVBORw0KGgo="},
                    {"id":"c","method":"PUT","url":"/n","bodyEncoding":"base64","body":"_-8"},
                    {"id":"j","method":"PUT","url":"/n","bodyEncoding":"json","body":null}]}
                    """,
                    """
                    {"requests":[{"id":"1","method":"get","url":"/","atomicityGroup":"g"},{"id":"2","method":"PURGE","url":"http://h/",
                    "atomicityGroup":"g","dependsOn":["1"]},{"id":3,"method":"GET","url":"/{$1.body#/a}","dependsOn":["g",1],"if":null}]}
                    """,
                    "{\"requests\":[]}",
                    "{\"requests\":[{\"id\":1,\"body\":" + DEEP + ",\"method\":\"GET\",\"url\":\"/\"}]}",
                    "{\"requests\":[{\"id\":1,\"method\":\"POST\",\"url\":\"/\",\"body\":\"" + "x".repeat(20_000)
                            + "\"}]}",
                    "{\"x\":\"" + "\\n".repeat(5_000) + "\",\"requests\":[{\"id\":\"" + "i".repeat(128)
                            + "\",\"method\":\"GET\",\"url\":\"/" + "u".repeat(9_000) + "\"}]}")
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .toList();

    private static final List<byte[]> WORDS = Stream.concat(
                    Stream.of(
                                    "{",
                                    "}",
                                    "[",
                                    "]",
                                    "\"",
                                    ",",
                                    ":",
                                    "\\",
                                    "\\u",
                                    "\\ud800",
                                    "\\udc00",
                                    "\\u0000",
                                    "null",
                                    "true",
                                    "0",
                                    "-",
                                    "1e999999999",
                                    "9".repeat(2_000),
                                    "-1",
                                    "1.5",
                                    "\"\"",
                                    "{}",
                                    "[]",
                                    " ",
                                    "\ufeff",
                                    "//",
                                    "NaN",
                                    "[".repeat(200),
                                    "{\"a\":".repeat(120),
                                    "]".repeat(100),
                                    "\"id\":\"a\",",
                                    "\"id\":7,",
                                    "\"method\":\"GET\",",
                                    "\"url\":\"/x\",",
                                    "\"body\":1,",
                                    "\"body\":\"\",",
                                    "\"bodyEncoding\":\"json\",",
                                    "\"bodyEncoding\":\"text\",",
                                    "\"bodyEncoding\":\"base64\",",
                                    "\"dependsOn\":[\"a\"],",
                                    "\"atomicityGroup\":\"g\",",
                                    "\"headers\":{\"Content-Type\":\"text/plain;charset=utf-32\"},",
                                    "\"requests\":[",
                                    "\"if\":1,",
                                    "{\"id\":\"y\",\"method\":\"GET\",\"url\":\"/\"},",
                                    "\"" + "n".repeat(3_000) + "\":0,",
                                    "\"x" + "\u20ac".repeat(500) + "\":0,",
                                    "\u0000",
                                    "\u007f",
                                    "\ud83d\ude00")
                            .map(text -> text.getBytes(StandardCharsets.UTF_8)),
                    // No UTF-8: a lone continuation, an overlong slash, half a surrogate pair, what is beyond Unicode,
                    // half a character.
                    Stream.of(
                            new byte[] {(byte) 0x80},
                            new byte[] {(byte) 0xc0, (byte) 0xaf},
                            new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
                            new byte[] {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
                            new byte[] {(byte) 0xe2, (byte) 0x82}))
            .toList();

    /** Another parser of Jackson's than the reader's: that of characters. */
    private static final JsonFactory CHARACTERS = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /** What the reader has asked for beyond what it has read. */
    private long reserved;

    @Provide
    Arbitrary<FuzzedInput> inputs() {
        return Arbitraries.longs().map(seed -> FuzzedInput.of(seed, CORPUS, WORDS));
    }

    @Property(shrinking = ShrinkingMode.OFF)
    void whateverComesIsABatchOrARefusal(@ForAll("inputs") FuzzedInput input, @ForAll Dialect dialect)
            throws IOException {
        long most = BYTES_AT_LEAST + MAX_REQUESTS * BYTES_PER_ITEM + input.bytes().length * BYTES_PER_BYTE;
        reserved = 0;
        Optional<Batch> batch = Allocation.within(most, () -> read(dialect, input.atOnce()));
        long room = input.bytes().length + reserved;
        Optional<Batch> piecemeal = Allocation.within(most, () -> read(dialect, input.inChunks()));

        assertThat(piecemeal.map(BatchInvariants::text)).isEqualTo(batch.map(BatchInvariants::text));
        if (batch.isPresent()) {
            assertThat(isJson(input.bytes())).as("is JSON").isTrue();
            assertThat(batch.get().size()).isLessThanOrEqualTo(MAX_REQUESTS);
            BatchInvariants.check(batch.get(), room);
        }
    }

    @Property(shrinking = ShrinkingMode.OFF)
    void aStreamThatFailsIsNoBatch(@ForAll("inputs") FuzzedInput input) throws IOException {
        BatchInvariants.checkThatAStreamThatFailsIsNoBatch(input, body -> read(Dialect.NATIVE, body));
    }

    private boolean reserve(long bytes) {
        reserved += bytes;
        return true;
    }

    /** Empty if the batch is refused. */
    private Optional<Batch> read(Dialect dialect, InputStream body) throws IOException {
        try {
            return Optional.of(new JsonBatchFormat()
                    .read(dialect, "application/json", body, new BatchBuilder(MAX_REQUESTS, this::reserve)));
        } catch (BatchException e) {
            assertThat(e.problem().status()).isIn(400, 413);
            JsonNode told = EnvelopeWriting.parse(e.problem().toJson());
            assertThat(told.get("detail").textValue())
                    .hasSizeLessThan(500)
                    .doesNotContain("Source:", "Feature", "com.fasterxml");
            return Optional.empty();
        }
    }

    private static boolean isJson(byte[] bytes) throws IOException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return false;
        }
        try (JsonParser parser = CHARACTERS.createParser(text.startsWith("\ufeff") ? text.substring(1) : text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return false;
        }
    }
}
