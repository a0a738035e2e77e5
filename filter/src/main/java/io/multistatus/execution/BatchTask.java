package io.multistatus.execution;

import io.multistatus.dispatch.Dispatcher;
import io.multistatus.event.BatchEvent;
import io.multistatus.event.BatchListener;
import io.multistatus.model.Batch;
import io.multistatus.reference.ReferenceResolver;
import io.multistatus.transaction.BatchTransaction;
import io.multistatus.wire.RequestAssembler;
import org.jspecify.annotations.Nullable;

/**
 * All that it takes to run a batch.
 *
 * @param event what listeners are told of the batch
 * @param references puts into items what they refer to
 * @param assembler makes requests of items
 * @param transaction what groups of the plan run in; null if it has none
 * @param dispatcher the way to the host
 * @param listener never throws
 * @param budget the bytes this batch may hold
 */
public record BatchTask(
        Batch batch,
        BatchEvent event,
        ExecutionPlan plan,
        RunLimits limits,
        ReferenceResolver references,
        RequestAssembler assembler,
        @Nullable BatchTransaction transaction,
        Dispatcher dispatcher,
        BatchListener listener,
        BatchBudget budget) {}
