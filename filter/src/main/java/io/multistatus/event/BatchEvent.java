package io.multistatus.event;

import io.multistatus.model.Headers;
import java.util.Objects;

/**
 * A batch, as listeners see it. Immutable; it is the same object in all calls that tell of one batch.
 *
 * @param batchId unique among the batches of this process; letters, digits and hyphens
 * @param path the path of the endpoint it was posted to, context path included
 * @param items how many items it has
 * @param format the media type that it was written in: {@code application/json} or {@code multipart/mixed}
 * @param bytes how long its body was
 * @param job whether it runs as a job, after its client has been answered
 * @param caller who sent it
 * @param headers the fields it came with, as its client sent them: they may hold credentials, and do not belong in logs
 */
public record BatchEvent(
        String batchId,
        String path,
        int items,
        String format,
        long bytes,
        boolean job,
        Caller caller,
        Headers headers) {

    /** Checks that nothing is missing. */
    public BatchEvent {
        Objects.requireNonNull(batchId, "batchId");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(headers, "headers");
    }

    /** Without the fields, which may hold credentials. */
    @Override
    public String toString() {
        return "BatchEvent[" + batchId + ", " + path + ", " + items + " items, " + format + ", " + bytes + " bytes"
                + (job ? ", job" : "") + ", " + caller + "]";
    }
}
