package io.multistatus.format.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.model.Batch;
import io.multistatus.model.BatchException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RandomBytesTest {
    private static final String SEED_BATCH = """
            {"requests": [
              {"id": "a", "method": "POST", "url": "/carts", "headers": {"Content-Type": "text/plain"}, "body": "\u00e4\\n"},
              {"id": 2, "method": "GET", "url": "x", "dependsOn": ["a"], "if": null, "bodyEncoding": "json", "body": [1.5]}
            ], "x": [true, {"y": -0.1e9}]}
            """;
    private static final String[] TYPES = {
        "application/json",
        "application/json;charset=utf-16",
        "application/json;charset=iso-8859-1",
        "text/plain",
        "text/plain;charset=utf-8",
        "text/plain;charset=utf-16le",
        "text/plain;charset=shift_jis",
        "text/plain;charset=\"",
        "application/xml",
        "image/png",
        ";"
    };

    @Test
    void aReaderOnlyEverRefuses() throws Exception {
        Random random = new Random(1);
        int read = 0;
        for (int round = 0; round < 8_000; round++) {
            byte[] bytes = round % 10 == 0
                    ? randomBytes(random, 64)
                    : mutated(SEED_BATCH.getBytes(StandardCharsets.UTF_8), random);
            try {
                Batch batch = BatchReading.read(BatchReading.inPieces(bytes, 1 + random.nextInt(100)));
                assertThat(batch).isNotNull();
                read++;
            } catch (BatchException e) {
                JsonNode problem = EnvelopeWriting.parse(e.problem().toJson());
                assertThat(problem.get("status").intValue()).isEqualTo(400);
                assertThat(problem.get("detail").textValue()).doesNotContain("Source:", "Feature");
            }
        }
        assertThat(read).as("batches that survived").isBetween(300, 7_500);
    }

    @Test
    void anEnvelopeIsAlwaysWellFormed() throws IOException {
        Random random = new Random(2);
        byte[] json = "{\"a\": [1, \"\u00e4\\u0000\"], \"b\": {\"c\": null}}".getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 8_000; round++) {
            byte[] body = round % 3 == 0 ? randomBytes(random, 40) : mutated(json, random);
            String type = TYPES[random.nextInt(TYPES.length)];
            JsonNode entry = EnvelopeWriting.readBackLeniently(EnvelopeWriting.response(type, body));
            assertThat(entry.has("body")).isEqualTo(body.length > 0);
            if (entry.has("bodyEncoding")) {
                assertThat(entry.get("body").isTextual()).isTrue();
            }
        }
    }

    private static byte[] randomBytes(Random random, int maxLength) {
        byte[] bytes = new byte[random.nextInt(maxLength)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Replaces, drops or doubles a few bytes. */
    private static byte[] mutated(byte[] original, Random random) {
        byte[] bytes = original;
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            byte[] next = new byte[bytes.length + random.nextInt(3) - 1];
            System.arraycopy(bytes, 0, next, 0, Math.min(at, next.length));
            int tail = Math.min(bytes.length, next.length) - at;
            if (tail > 0) {
                System.arraycopy(bytes, bytes.length - tail, next, next.length - tail, tail);
            }
            if (at < next.length && random.nextBoolean()) {
                next[at] = (byte) (random.nextBoolean() ? "{}[]\",:\\".charAt(random.nextInt(8)) : random.nextInt());
            }
            bytes = next;
        }
        return bytes;
    }
}
