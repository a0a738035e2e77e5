package io.multistatus.content;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import io.multistatus.support.Allocation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StrictJsonTest {
    private static final int LONG = 100_000;
    /** Less than one of the long names takes. */
    private static final long LITTLE = LONG / 2;
    /** No name comes twice: one that is known already would not be remembered. */
    private static final AtomicInteger NAMES = new AtomicInteger();

    @FunctionalInterface
    private interface Reading {
        boolean read(byte[] json) throws IOException;
    }

    @Test
    void namesOfOneBatchTakeNoMemoryFromTheNext() {
        assertNothingIsKept(json -> skip(StrictJson.parser(new ByteArrayInputStream(json))));
    }

    @Test
    void namesOfOneBodyTakeNoMemoryFromTheNext() {
        assertNothingIsKept(json -> skip(StrictJson.bodyParser(json, 0, json.length)));
    }

    @Test
    void longNamesThatHostsWriteTakeNoMemoryFromTheNextBody() {
        assertNothingIsKept(json -> StrictJson.isJsonText(json, 0, json.length));
    }

    @Test
    void namesInBrokenBodiesTakeNoMemoryFromTheNextBody() {
        assertNothingIsKept(json -> {
            StrictJson.isJsonText(json, 0, json.length - 2);
            return StrictJson.isJsonText(json, 0, json.length);
        });
    }

    @Test
    void aBodyIsOneJsonText() {
        for (String text : new String[] {"1", " \"x\" ", "{}", "[{\"a\":[{\"b\":{}}]},[]]", "null"}) {
            assertThat(isJsonText(text)).as(text).isTrue();
        }
        for (String text : new String[] {"", " ", "{", "[[]", "{}}", "1 2", "{\"a\"}", "[1,]", "]"}) {
            assertThat(isJsonText(text)).as(text).isFalse();
        }
        assertThat(isJsonText("[".repeat(997) + "]".repeat(997))).isTrue();
        assertThat(isJsonText("[".repeat(998) + "]".repeat(998))).isFalse();
    }

    /** What a parser has in its table of names it copies before it adds one. */
    private static void assertNothingIsKept(Reading reading) {
        for (int i = 0; i < 20; i++) {
            byte[] json = object("x".repeat(LONG));
            assertThat(Allocation.<Boolean>within(Long.MAX_VALUE, () -> reading.read(json)))
                    .isTrue();
        }
        assertThat(Allocation.<Boolean>within(LITTLE, () -> reading.read(object("short"))))
                .isTrue();
    }

    private static byte[] object(String name) {
        return ("{\"" + NAMES.incrementAndGet() + name + "\":1}").getBytes(StandardCharsets.UTF_8);
    }

    private static boolean skip(JsonParser json) throws IOException {
        try (JsonParser parser = json) {
            parser.nextToken();
            parser.skipChildren();
            return parser.nextToken() == null;
        }
    }

    private static boolean isJsonText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return StrictJson.isJsonText(bytes, 0, bytes.length);
    }
}
