package io.multistatus;

import io.multistatus.execution.BatchBudget;
import io.multistatus.format.LimitExceededException;
import io.multistatus.model.BatchBuilder;
import io.multistatus.model.Problem;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The body of a batch, read no further than it may be long, and only as far as there is room to keep it. Not thread-safe.
 */
final class LimitedInputStream extends FilterInputStream {
    private final long maxBytes;
    private final BatchBudget budget;
    private long count;

    LimitedInputStream(InputStream body, long maxBytes, BatchBudget budget) {
        super(body);
        this.maxBytes = maxBytes;
        this.budget = budget;
    }

    @Override
    public int read() throws IOException {
        int b = super.read();
        if (b >= 0) {
            count(1);
        }
        return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, length);
        if (read > 0) {
            count(read);
        }
        return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
        long skipped = super.skip(bytes);
        count(skipped);
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** How many bytes have been read. */
    long count() {
        return count;
    }

    private void count(long bytes) throws LimitExceededException {
        count += bytes;
        if (count > maxBytes) {
            throw new LimitExceededException(tooLong(maxBytes));
        }
        if (!budget.tryReserveRequest(bytes)) {
            throw new LimitExceededException(BatchBuilder.noRoom());
        }
    }

    static Problem tooLong(long maxBytes) {
        return Problem.of(413, "batch-too-large", "The batch is too large")
                .detail("The body of the batch is longer than " + maxBytes + " bytes (maxBatchBytes)")
                .with("limit", maxBytes)
                .limitedBy("maxBatchBytes");
    }
}
