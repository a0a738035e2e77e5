package io.multistatus.format.json;

import io.multistatus.format.Dialect;
import io.multistatus.format.EnvelopeWriter;
import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Time per item to write an envelope, to a stream that drops it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class WriteEnvelopeBenchmark {
    private static final int TINY_ITEMS = 100;
    private static final int BIG_ITEMS = 10;
    private static final int BIG_BYTES = 100_000;

    private final JsonBatchFormat format = new JsonBatchFormat();
    private final OutputStream nowhere = OutputStream.nullOutputStream();
    private final Subrequest request =
            new Subrequest(0, ItemId.of("42"), "GET", "/x", Headers.empty(), null, List.of(), null, null);
    private final Subresponse tinyJson = response("application/json", "{\"ok\":true}".getBytes(StandardCharsets.UTF_8));
    private final Subresponse bigJson =
            response("application/json", ReadBatchBenchmark.jsonText(BIG_BYTES).getBytes(StandardCharsets.UTF_8));
    private final Subresponse bigText = response(
            "text/plain;charset=utf-8",
            "A line of text.\n".repeat(BIG_BYTES / 16).getBytes(StandardCharsets.UTF_8));
    private final Subresponse bigBinary = response("application/octet-stream", random(BIG_BYTES));

    private static Subresponse response(String contentType, byte[] body) {
        return Subresponse.of(200, Headers.of("Content-Type", contentType, "ETag", "\"1\""), ByteBuffer.wrap(body));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private void write(int items, Subresponse response) throws IOException {
        EnvelopeWriter writer = format.newWriter(Dialect.NATIVE, 207);
        writer.begin(nowhere);
        for (int i = 0; i < items; i++) {
            writer.item(request, response, nowhere);
        }
        writer.end(new Summary(items, 0, List.of(), OptionalLong.empty()), nowhere);
    }

    @Benchmark
    @OperationsPerInvocation(TINY_ITEMS)
    public void aHundredTinyAnswers() throws IOException {
        write(TINY_ITEMS, tinyJson);
    }

    @Benchmark
    @OperationsPerInvocation(BIG_ITEMS)
    public void tenJsonAnswersOf100Kilobytes() throws IOException {
        write(BIG_ITEMS, bigJson);
    }

    @Benchmark
    @OperationsPerInvocation(BIG_ITEMS)
    public void tenTextAnswersOf100Kilobytes() throws IOException {
        write(BIG_ITEMS, bigText);
    }

    @Benchmark
    @OperationsPerInvocation(BIG_ITEMS)
    public void tenBinaryAnswersOf100Kilobytes() throws IOException {
        write(BIG_ITEMS, bigBinary);
    }
}
