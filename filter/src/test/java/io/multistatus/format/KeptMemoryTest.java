package io.multistatus.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.format.json.JsonBatchFormat;
import io.multistatus.format.multipart.MultipartBatchFormat;
import io.multistatus.model.Batch;
import io.multistatus.model.BatchBuilder;
import io.multistatus.model.BatchException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Regression: of a batch with many short fields 26 times as much was kept as was counted, so that a few of them filled the heap with
 * maxBufferedBytes never in sight.
 */
class KeptMemoryTest {
    private static final int ITEMS = 100;
    /** For what is neither the batch's nor of any matter. */
    private static final long SLACK_BYTES = 2_000_000;

    private long counted;

    static Stream<Arguments> batches() {
        String parts = ("--b\n\nPOST /x\n" + "a:b\n".repeat(2048) + "\n").repeat(ITEMS) + "--b--";
        String partHeads = ("--b\n" + "a:b\n".repeat(2047) + "\nPOST /x\n").repeat(ITEMS) + "--b--";
        String changeSet = "--b\nContent-Type: multipart/mixed; boundary=c\n\n"
                + ("--c\n\nPOST /x\n" + "a:b\n".repeat(2048) + "\n").repeat(ITEMS) + "--c--\n--b--";
        return Stream.of(
                Arguments.of("parts", new MultipartBatchFormat(), parts),
                Arguments.of("heads of parts", new MultipartBatchFormat(), partHeads),
                Arguments.of("a change set", new MultipartBatchFormat(), changeSet),
                Arguments.of(
                        "JSON",
                        new JsonBatchFormat(),
                        json("\"headers\":{\"a\":[\"b\"" + ",\"b\"".repeat(2047) + "]}")),
                Arguments.of("names", new JsonBatchFormat(), json("\"headers\":{" + names() + "}")),
                Arguments.of(
                        "a wide URL", new JsonBatchFormat(), json("\"url\":\"/\u20ac" + "x".repeat(100_000) + "\"")));
    }

    private static String names() {
        return IntStream.range(0, 2048).mapToObj(i -> "\"" + i + "\":\"b\"").collect(Collectors.joining(","));
    }

    private static String json(String member) {
        return IntStream.range(0, ITEMS)
                .mapToObj(i -> "{\"id\":" + i + ",\"method\":\"POST\"," + member + "}")
                .collect(Collectors.joining(",", "{\"requests\":[", "]}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("batches")
    void noMoreIsKeptThanIsCounted(String name, BatchFormat format, String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        read(format, bytes);
        long before = used();
        counted = bytes.length;
        Batch batch = read(format, bytes);
        assertThat(used() - before).isLessThanOrEqualTo(counted + SLACK_BYTES);
        assertThat(batch.size()).isEqualTo(ITEMS);
    }

    private Batch read(BatchFormat format, byte[] bytes) throws BatchException, IOException {
        String type = format instanceof JsonBatchFormat ? "application/json" : "multipart/mixed; boundary=b";
        return format.read(Dialect.NATIVE, type, new ByteArrayInputStream(bytes), new BatchBuilder(ITEMS, more -> {
            counted += more;
            return true;
        }));
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
