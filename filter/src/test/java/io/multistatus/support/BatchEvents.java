package io.multistatus.support;

import io.multistatus.event.BatchEvent;
import io.multistatus.event.Caller;
import io.multistatus.model.Headers;

/** Batches of which not everything matters. */
public final class BatchEvents {
    /** Somebody of whom nothing is known. */
    public static final Caller NOBODY = new Caller(null, null);

    private BatchEvents() {}

    public static BatchEvent of(String batchId, String path, int items) {
        return new BatchEvent(batchId, path, items, "application/json", 0, false, NOBODY, Headers.empty());
    }
}
