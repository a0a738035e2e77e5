package io.multistatus.format.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.model.Batch;
import io.multistatus.model.Subrequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whether bodies are cut out of the batch at the right bytes, wherever the parser's buffers happen to end. */
class RawBodyTest {
    /** How much Jackson reads at a time. */
    private static final int BUFFER = 8000;

    @Test
    void randomBatchesKeepTheirBodiesHoweverTheyArrive() throws Exception {
        Random random = new Random(42);
        for (int round = 0; round < 600; round++) {
            assertBodiesKept(random, round % 3 == 0 ? 1 + random.nextInt(9) : 1 + random.nextInt(3 * BUFFER), 2000);
        }
    }

    @Test
    void bodiesLongerThanTheBuffersAreKept() throws Exception {
        Random random = new Random(43);
        for (int round = 0; round < 60; round++) {
            assertBodiesKept(random, 1 + random.nextInt(2 * BUFFER), 60_000);
        }
    }

    @Test
    void everyKindOfValueIsKeptAcrossEveryPlaceOfABufferBoundary() throws Exception {
        String[] values = {
            "0",
            "-1",
            "12.50e+7",
            "true",
            "false",
            "\"\"",
            "\"x\\u00e4\\\"y\"",
            "\"\u00e4\u20ac\ud83d\ude00\"",
            "[]",
            "{}",
            "[ 1,\"a,\" , null ]",
            "{ \"k\\n\" : { } , \"\u00e4\":[[]] }",
            "123456789012345678901234567890"
        };
        for (String value : values) {
            String item =
                    "{\"id\":\"a\",\"method\":\"PUT\",\"url\":\"/\",\"body\" :\t" + value + " , \"\u00e4\\u0062\" : 1}";
            byte[] tail = ("[" + item + ",\n" + item.replace("\"a\"", "2") + " ]}").getBytes(StandardCharsets.UTF_8);
            for (int shift = 0; shift <= tail.length + 1; shift++) {
                String pad = "{\"pad\":\"%s\",\"requests\":";
                String head = String.format(pad, "x".repeat(BUFFER - shift - pad.length() + 2));
                String batch = head + new String(tail, StandardCharsets.UTF_8);
                for (String mark : new String[] {"", "\uFEFF"}) {
                    Batch read = BatchReading.read(mark + batch);
                    for (Subrequest request : read.items()) {
                        assertThat(StandardCharsets.UTF_8
                                        .decode(BatchReading.bytes(request))
                                        .toString())
                                .as("%s, boundary %d bytes after the requests begin", value, shift)
                                .isEqualTo(value);
                    }
                }
            }
        }
    }

    private static void assertBodiesKept(Random random, int pieceLength, int maxBody) throws Exception {
        List<String> bodies = new ArrayList<>();
        StringBuilder batch = new StringBuilder(random.nextBoolean() ? "\uFEFF" : "");
        batch.append(space(random))
                .append("{\"junk\":")
                .append(value(random, 3, 300))
                .append(",\"requests\":[");
        int items = 1 + random.nextInt(12);
        for (int i = 0; i < items; i++) {
            String body = value(random, 5, random.nextInt(maxBody) + 1);
            bodies.add(body);
            List<String> members = new ArrayList<>(List.of(
                    "\"id\":" + i,
                    "\"method\":\"PUT\"",
                    "\"url\":\"/\"",
                    "\"body\"" + space(random) + ":" + space(random) + body,
                    "\"" + text(random, 20) + "#1\":" + value(random, 3, 200),
                    "\"headers\":{\"Content-Type\":\"application/json\"}"));
            java.util.Collections.shuffle(members, random);
            batch.append(i == 0 ? "" : ",").append(space(random)).append('{').append(space(random));
            batch.append(String.join(space(random) + "," + space(random), members));
            batch.append(space(random)).append('}').append(space(random));
        }
        batch.append("]").append(space(random)).append('}').append(space(random));

        byte[] bytes = batch.toString().getBytes(StandardCharsets.UTF_8);
        Batch read = BatchReading.read(BatchReading.inPieces(bytes, pieceLength));

        assertThat(read.size()).isEqualTo(items);
        for (int i = 0; i < items; i++) {
            String body = StandardCharsets.UTF_8
                    .decode(BatchReading.bytes(read.items().get(i)))
                    .toString();
            assertThat(body).isEqualTo(bodies.get(i));
        }
    }

    /** A JSON value other than null, of roughly {@code length} characters at most. */
    private static String value(Random random, int depth, int length) {
        int kind = random.nextInt(depth == 0 ? 5 : 9);
        return switch (kind) {
            case 0 -> random.nextBoolean() ? "true" : "false";
            case 1 -> (random.nextBoolean() ? "-" : "") + (1 + random.nextInt(9)) + "7".repeat(random.nextInt(length));
            case 2 -> random.nextInt(100) + "." + "50".repeat(1 + random.nextInt(length)) + "E-3";
            case 3, 4 -> '"' + text(random, length) + '"';
            default -> structure(random, kind < 7, depth, length);
        };
    }

    private static String structure(Random random, boolean array, int depth, int length) {
        StringBuilder json = new StringBuilder(array ? "[" : "{").append(space(random));
        int members = random.nextInt(5);
        for (int i = 0; i < members; i++) {
            json.append(i == 0 ? "" : ",").append(space(random));
            if (!array) {
                json.append('"')
                        .append(text(random, 12))
                        .append('"')
                        .append(space(random))
                        .append(':');
            }
            json.append(space(random))
                    .append(value(random, depth - 1, 1 + length / 5))
                    .append(space(random));
        }
        return json.append(array ? "]" : "}").toString();
    }

    /** What may stand inside a JSON string, as it is written. */
    private static String text(Random random, int length) {
        String[] pieces = {
            "a",
            "Z",
            " ",
            ",",
            "}",
            "]",
            ":",
            "\\\"",
            "\\\\",
            "\\n",
            "\\u00e4",
            "\\ud83d\\ude00",
            "\u00e4",
            "\u20ac",
            "\ud83d\ude00",
            "/",
            "\u2028"
        };
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(length + 1); i > 0; i--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }

    private static String space(Random random) {
        return random.nextInt(3) > 0 ? "" : " \n\t\r\n  ".substring(0, 1 + random.nextInt(6));
    }
}
