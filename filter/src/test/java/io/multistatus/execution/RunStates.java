package io.multistatus.execution;

import static io.multistatus.execution.NextStep.NOTHING;
import static io.multistatus.execution.NextStep.RUN_ITEM;
import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.model.Batch;
import io.multistatus.model.Subresponse;

/** States of batches, and steps that threads take. */
final class RunStates {
    private RunStates() {}

    static RunState parallel(int maxConcurrency, String... items) {
        return state(ExecutionMode.PARALLEL, false, maxConcurrency, items);
    }

    static RunState holding(long maxHeldBytes, String... items) {
        Batch batch = Plans.batch(items);
        ExecutionPlan plan = ExecutionPlan.of(batch, ExecutionMode.PARALLEL, false, Atomicity.NOT_SUPPORTED);
        return new RunState(batch.items(), plan, 8, maxHeldBytes);
    }

    static RunState state(ExecutionMode mode, boolean stopOnError, int maxConcurrency, String... items) {
        Batch batch = Plans.batch(items);
        return new RunState(
                batch.items(),
                ExecutionPlan.of(batch, mode, stopOnError, Atomicity.NOT_SUPPORTED),
                maxConcurrency,
                RunLimits.NO_LIMIT);
    }

    static Worker arrive(RunState state) {
        state.workerArrived();
        return new Worker(false);
    }

    static void take(RunState state, Worker worker, int item) {
        assertThat(state.next(worker)).isEqualTo(RUN_ITEM);
        assertThat(worker.item).isEqualTo(item);
    }

    static NextStep settle(RunState state, int item, int status) {
        return settle(state, item, Plans.answer(status)).next();
    }

    /** And tells of it. */
    static Settled settle(RunState state, int item, Subresponse answer) {
        Settled settled = state.settle(item, answer);
        assertThat(settled.first()).isTrue();
        NextStep next = state.told(item, 1 + settled.skipped().size());
        return settled.next() == NOTHING ? new Settled(true, settled.skipped(), next) : settled;
    }
}
