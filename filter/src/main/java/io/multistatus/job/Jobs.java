package io.multistatus.job;

import io.multistatus.execution.BatchExecutor;
import io.multistatus.execution.BatchTask;
import io.multistatus.model.BatchException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs of a node: some of them run, others wait in a queue, and all that is known of them is in a store. Thread-safe.
 *
 * <pre>
 *   submit ──► queue ──► RunningJob ──► answers ──► JobStore ◄── find, content
 * </pre>
 */
public final class Jobs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
    /** How many signs of life there are in the time after which the store gives up on a node. */
    private static final int RENEWALS = 3;
    /** How long answers that come when the app has stopped may take to get into the store. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final JobStore store;
    private final JobSettings settings;
    private final BatchExecutor executor;
    private final Future<?> renewal;

    // Guarded by this.
    private final Deque<RunningJob> queue = new ArrayDeque<>();
    /** Queued and running ones. */
    private final Map<JobId, RunningJob> own = new LinkedHashMap<>();

    private int running;
    /** Places in the queue for jobs that the store has not got yet. */
    private int coming;

    private boolean closed;

    /** @param store is closed with this */
    public Jobs(JobStore store, JobSettings settings, BatchExecutor executor) {
        this.store = store;
        this.settings = settings;
        this.executor = executor;
        this.renewal = executor.every(settings.lease().dividedBy(RENEWALS), this::renew);
    }

    /**
     * Takes a job.
     *
     * @return the job, of which the store knows
     * @throws BatchException 503 if there is no room for it, or the store does not answer; nothing of it runs then
     */
    public RunningJob submit(Job job, BatchTask task) throws BatchException {
        takePlace();
        RunningJob accepted = null;
        try {
            JobStatus status = store.create(job, settings.longest());
            accepted = new RunningJob(job, status, task, store, settings, executor, this::over);
            task.listener().jobQueued(task.event());
        } catch (JobStoreFullException e) {
            throw JobProblems.storeFull(e);
        } catch (JobStoreException e) {
            LOG.error("A job is refused: its store does not take it", e);
            throw JobProblems.storeUnavailable();
        } finally {
            arrived(accepted);
        }
        if (isClosed()) {
            interruptQueued(accepted);
        }
        startNext();
        return accepted;
    }

    private synchronized void takePlace() throws BatchException {
        if (closed) {
            throw JobProblems.stopping();
        }
        if (queue.size() + coming + running >= settings.maxQueued() + settings.maxRunning()) {
            throw JobProblems.queueFull(queue.size());
        }
        coming++;
    }

    private synchronized void arrived(@Nullable RunningJob accepted) {
        coming--;
        if (accepted != null) {
            queue.addLast(accepted);
            own.put(accepted.id(), accepted);
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** The app has stopped while the store took a job; what had come before has been seen to. */
    private void interruptQueued(RunningJob job) {
        synchronized (this) {
            if (!queue.remove(job)) {
                return;
            }
            running++;
        }
        job.endUnbegun(JobState.INTERRUPTED);
    }

    private void startNext() {
        for (Optional<RunningJob> next = takeNext(); next.isPresent(); next = takeNext()) {
            // It asks the store.
            executor.forDeliveries().execute(next.get()::start);
        }
    }

    private synchronized Optional<RunningJob> takeNext() {
        if (closed || queue.isEmpty() || running >= settings.maxRunning()) {
            return Optional.empty();
        }
        running++;
        return Optional.of(queue.removeFirst());
    }

    private void over(RunningJob job) {
        synchronized (this) {
            own.remove(job.id());
            running--;
        }
        startNext();
    }

    /** Any job that the store knows, on whatever node it runs. */
    public Optional<KnownJob> find(JobId id) throws JobStoreException {
        RunningJob mine;
        synchronized (this) {
            mine = own.get(id);
        }
        return mine == null || mine.isLost() ? store.find(id) : Optional.of(mine.known());
    }

    /** Whether a job waits or runs on this node. */
    public synchronized boolean runsHere(JobId id) {
        return own.containsKey(id);
    }

    /** How many there may be, and how long they take. */
    public JobSettings settings() {
        return settings;
    }

    /** How many jobs wait on this node for others to end. */
    public synchronized int queued() {
        return queue.size();
    }

    /** How many jobs run on this node. */
    public synchronized int running() {
        return running;
    }

    /** The items of a job that is over, and an answer to each. */
    public Optional<JobResult> result(KnownJob job) throws JobStoreException {
        return store.content(job.status().id())
                .map(content -> JobResult.of(content, job.status().state()));
    }

    /** Cancels what has not begun of a job, on whatever node it runs. */
    public void cancel(JobId id) throws JobStoreException {
        RunningJob mine;
        boolean queued;
        synchronized (this) {
            mine = own.get(id);
            queued = mine != null && queue.remove(mine);
            running += queued ? 1 : 0;
        }
        if (mine == null) {
            store.cancel(id);
        } else if (queued) {
            mine.endUnbegun(JobState.CANCELLED);
        } else {
            mine.cancel();
        }
    }

    /** Forgets a job that is over. */
    public void delete(JobId id) throws JobStoreException {
        store.delete(id);
    }

    private void renew() {
        Map<JobId, RunningJob> mine;
        synchronized (this) {
            mine = new LinkedHashMap<>(own);
        }
        try {
            Map<JobId, JobStore.Lease> leases = store.renew(mine.keySet());
            for (Map.Entry<JobId, RunningJob> entry : mine.entrySet()) {
                JobStore.Lease lease = leases.get(entry.getKey());
                if (lease == JobStore.Lease.LOST) {
                    entry.getValue().lost();
                } else if (lease == JobStore.Lease.CANCEL_REQUESTED) {
                    cancel(entry.getKey());
                }
            }
        } catch (JobStoreException e) {
            LOG.warn("The leases of {} jobs could not be renewed", mine.size(), e);
        }
    }

    /**
     * Takes no more jobs. Running items may end within the grace time; nothing else begins, and the jobs are remembered as
     * interrupted.
     */
    @Override
    public void close() {
        List<RunningJob> waiting;
        List<RunningJob> all;
        synchronized (this) {
            closed = true;
            waiting = new ArrayList<>(queue);
            queue.clear();
            running += waiting.size();
            all = new ArrayList<>(own.values());
        }
        all.removeAll(waiting);
        waiting.forEach(job -> job.endUnbegun(JobState.INTERRUPTED));
        all.forEach(RunningJob::interrupt);
        awaitAll(all, settings.grace());
        all.forEach(RunningJob::stop);
        awaitAll(all, LAST_WORDS);
        renewal.cancel(false);
        store.close();
    }

    private static void awaitAll(List<RunningJob> jobs, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (RunningJob job : jobs) {
            job.awaitOver(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
    }
}
