package io.multistatus.format.json;

import io.multistatus.format.Dialect;
import io.multistatus.model.Batch;
import io.multistatus.model.BatchBuilder;
import io.multistatus.model.BatchException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Time per item to read a batch. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ReadBatchBenchmark {
    private static final int TINY_ITEMS = 100;
    private static final int BIG_ITEMS = 10;
    private static final int BIG_BYTES = 100_000;

    private final JsonBatchFormat format = new JsonBatchFormat();
    private final byte[] tiny = batch(TINY_ITEMS, "\"method\":\"GET\",\"url\":\"/api/tiny\"");
    private final byte[] big =
            batch(BIG_ITEMS, "\"method\":\"POST\",\"url\":\"/api/big\",\"body\":" + jsonText(BIG_BYTES));

    private static byte[] batch(int items, String members) {
        return IntStream.range(0, items)
                .mapToObj(i -> "{\"id\":\"" + i + "\"," + members + "}")
                .collect(Collectors.joining(",", "{\"requests\":[", "]}"))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** An array of small objects, about that long. */
    static String jsonText(int bytes) {
        String element = "{\"name\":\"a product\",\"price\":1234.5,\"stock\":[1,2,3]}";
        return IntStream.range(0, bytes / element.length())
                .mapToObj(i -> element)
                .collect(Collectors.joining(",", "[", "]"));
    }

    private Batch read(byte[] batch) throws BatchException, IOException {
        return format.read(
                Dialect.NATIVE, "application/json", new ByteArrayInputStream(batch), new BatchBuilder(TINY_ITEMS));
    }

    @Benchmark
    @OperationsPerInvocation(TINY_ITEMS)
    public Batch aHundredTinyItems() throws BatchException, IOException {
        return read(tiny);
    }

    @Benchmark
    @OperationsPerInvocation(BIG_ITEMS)
    public Batch tenItemsWithBodiesOf100Kilobytes() throws BatchException, IOException {
        return read(big);
    }
}
