package io.multistatus.format.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.multistatus.format.Dialect;
import io.multistatus.model.Batch;
import io.multistatus.model.BatchBuilder;
import io.multistatus.model.BatchException;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Reads batches for the tests of this package. */
final class BatchReading {
    private BatchReading() {}

    static Batch read(InputStream body) throws BatchException, IOException {
        return new JsonBatchFormat().read(Dialect.NATIVE, "application/json", body, new BatchBuilder(100));
    }

    static Batch read(byte[] body) throws BatchException, IOException {
        return read(new ByteArrayInputStream(body));
    }

    static Batch read(String body) throws BatchException, IOException {
        return read(body.getBytes(StandardCharsets.UTF_8));
    }

    /** The one item of a batch, written as JSON. */
    static Subrequest readItem(String item) throws BatchException, IOException {
        Batch batch = read("{\"requests\":[" + item + "]}");
        assertThat(batch.items()).hasSize(1);
        return batch.items().get(0);
    }

    /** Why the whole batch is refused. */
    static Problem refusal(byte[] body) {
        BatchException refusal = catchThrowableOfType(BatchException.class, () -> read(body));
        assertThat(refusal)
                .as("refusal of %s", new String(body, StandardCharsets.ISO_8859_1))
                .isNotNull();
        return refusal.problem();
    }

    static Problem refusal(String body) {
        return refusal(body.getBytes(StandardCharsets.UTF_8));
    }

    /** The item's body, in Latin-1 so that every byte shows. */
    static String body(Subrequest item) {
        return StandardCharsets.ISO_8859_1.decode(bytes(item)).toString();
    }

    /** The bytes of the item's body, which must have one. */
    static ByteBuffer bytes(Subrequest item) {
        return Objects.requireNonNull(item.body(), "no body").duplicate();
    }

    /** The bytes, at most {@code pieceLength} of them at a time. */
    static InputStream inPieces(byte[] bytes, int pieceLength) {
        return new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return super.read(target, offset, Math.min(length, pieceLength));
            }
        };
    }
}
