package io.multistatus.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.format.LimitExceededException;
import io.multistatus.model.Batch;
import io.multistatus.model.BatchBuilder;
import io.multistatus.model.HttpSyntax;
import io.multistatus.model.ItemId;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What holds for every batch that has been read, whatever its client wrote and in whichever format. */
public final class BatchInvariants {
    /** Of an item: the texts of ours in it, such as a Content-Type that goes without saying. */
    private static final long OWN_BYTES_PER_ITEM = 40;

    private BatchInvariants() {}

    /** All that is in the batch; two that say the same are equal. */
    public static String text(Batch batch) {
        return batch.items().stream().map(BatchInvariants::text).collect(Collectors.joining("\n"));
    }

    private static String text(Subrequest item) {
        StringBuilder fields = new StringBuilder();
        item.headers()
                .forEach((name, value) ->
                        fields.append(name).append(": ").append(value).append('\n'));
        ByteBuffer body = item.body();
        return item + "\n" + fields
                + (body == null
                        ? "-"
                        : StandardCharsets.ISO_8859_1.decode(body.duplicate()).toString());
    }

    /**
     * Sees that what the rest of the filter relies on is so.
     *
     * @param room how many bytes may be kept: as many as have been read, and what has been reserved besides
     */
    public static void check(Batch batch, long room) {
        Set<String> names = new HashSet<>();
        long kept = 0;
        for (int i = 0; i < batch.size(); i++) {
            Subrequest item = batch.items().get(i);
            assertThat(item.index()).isEqualTo(i);
            assertThat(names.containsAll(item.dependsOn()))
                    .as("dependencies are known")
                    .isTrue();
            ItemId id = item.id();
            if (id != null) {
                assertThat(id.text()).hasSizeBetween(1, BatchBuilder.MAX_ID_LENGTH);
                assertThat(names.add(id.name())).as("the id is new").isTrue();
            }
            if (item.atomicityGroup() != null) {
                names.add(item.atomicityGroup());
            }
            checkText(item);
            ByteBuffer body = item.body();
            // A view keeps what stands around it.
            kept += item.estimatedBytes()
                    + (body == null ? 0 : body.arrayOffset() + body.capacity() - body.remaining());
        }
        assertThat(kept).as("bytes kept").isLessThanOrEqualTo(room + OWN_BYTES_PER_ITEM * batch.size());
    }

    private static void checkText(Subrequest item) {
        item.headers().forEach((name, value) -> {
            assertThat(HttpSyntax.isToken(name)).isTrue();
            assertThat(HttpSyntax.isFieldValue(value)).isTrue();
            assertThat(HttpSyntax.trim(value)).isEqualTo(value);
        });
        Problem fault = item.fault();
        if (fault == null) {
            assertThat(HttpSyntax.isToken(item.method())).isTrue();
            assertThat(item.url()).isNotEmpty();
        } else {
            assertThat(fault.status()).isIn(400, 424, 431, 501);
            assertThat(fault.detail()).startsWith("Item ").hasSizeLessThan(1000);
            assertThat(item.body()).isNull();
        }
    }

    /** Reads a batch; empty if it is refused. */
    @FunctionalInterface
    public interface Reading {
        Optional<Batch> of(InputStream body) throws IOException;
    }

    /** Whatever ends the stream early, a limit or the client, there is no batch. */
    public static void checkThatAStreamThatFailsIsNoBatch(FuzzedInput input, Reading reading) throws IOException {
        Problem tooLong = Problem.of(413, "batch-too-large", "The batch is too large");
        assertThat(reading.of(input.inChunks().failingWith(new LimitExceededException(tooLong))))
                .isEmpty();
        IOException gone = new IOException("the client is gone");
        try {
            assertThat(reading.of(input.inChunks().failingWith(gone))).isEmpty();
        } catch (IOException e) {
            assertThat(e).isSameAs(gone);
        }
    }
}
