package io.multistatus;

import io.multistatus.dispatch.Dispatcher;
import io.multistatus.event.Caller;
import io.multistatus.execution.BatchBudget;
import io.multistatus.format.BatchFormat;
import io.multistatus.format.Dialect;
import io.multistatus.model.Batch;
import io.multistatus.wire.OuterRequest;
import io.multistatus.wire.Preferences;

/**
 * A batch as it has been read, and what came with it. Nothing in it belongs to the container.
 *
 * @param format what it was written in
 * @param bytes how long its body was
 * @param caller who sent it
 * @param preferences what its client prefers
 * @param dispatcher the way into the container
 * @param budget what it holds already, and has to give back
 */
record PostedBatch(
        Dialect dialect,
        BatchFormat format,
        Batch batch,
        long bytes,
        Caller caller,
        OuterRequest outer,
        Preferences preferences,
        Dispatcher dispatcher,
        BatchBudget budget) {}
