package io.multistatus;

import io.multistatus.event.FilterState;
import io.multistatus.execution.BatchExecutor;
import io.multistatus.execution.BufferBudget;
import io.multistatus.job.Jobs;

/** What goes on in a filter, as those know who see to it. Thread-safe. */
record LiveState(BatchConfig config, BatchExecutor executor, BufferBudget budget, Jobs jobs) implements FilterState {
    @Override
    public int liveBatches() {
        return executor.liveBatches();
    }

    @Override
    public long bufferedBytes() {
        return budget.heldBytes();
    }

    @Override
    public long maxBufferedBytes() {
        return config.maxBufferedBytes();
    }

    @Override
    public int abandonedItems() {
        return executor.stuckThreads();
    }

    @Override
    public int maxAbandonedItems() {
        return config.maxAbandoned();
    }

    @Override
    public int queuedJobs() {
        return jobs.queued();
    }

    @Override
    public int maxQueuedJobs() {
        return jobs.settings().maxQueued();
    }

    @Override
    public int runningJobs() {
        return jobs.running();
    }

    @Override
    public int maxRunningJobs() {
        return jobs.settings().maxRunning();
    }
}
