package io.multistatus.execution;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads and the clock of all batches of one filter. Thread-safe. */
public final class BatchExecutor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BatchExecutor.class);

    /** How finely time limits are kept. */
    private static final Duration TICK = Duration.ofMillis(50);

    private static final Duration CLOCK_GRACE = Duration.ofSeconds(1);

    private final WorkerPool pool;
    /** Writes envelopes where no worker is at hand; not bounded, so that handlers that hang cannot hold up answers. */
    private final ExecutorService deliveries;

    private final ScheduledThreadPoolExecutor clock;
    private volatile @Nullable Thread clockThread;
    private final Set<BatchRun> live = ConcurrentHashMap.newKeySet();
    private final AtomicInteger stuck = new AtomicInteger();

    /**
     * Starts with no threads but the clock's.
     *
     * @param threads how many platform threads may help with batches, 1 or more
     * @param virtual whether virtual threads help instead
     * @param loader the context class loader of all threads
     */
    public BatchExecutor(int threads, boolean virtual, ClassLoader loader) {
        pool = new WorkerPool(threads, virtual, loader);
        deliveries = Executors.newCachedThreadPool(WorkerPool.daemons("multistatus-delivery-", loader));
        ThreadFactory daemons = WorkerPool.daemons("multistatus-clock-", loader);
        clock = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = daemons.newThread(work);
            clockThread = thread;
            return thread;
        });
        // Else what is not to be done any more, and all it refers to, would be held until its time has come.
        clock.setRemoveOnCancelPolicy(true);
        ScheduledFuture<?> unused =
                clock.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * A batch that is ready to run: from now on its time counts. It ends with {@link #ended}.
     *
     * @param completion writes the envelope where the reader does not
     */
    public BatchRun begin(BatchTask task, BatchCompletion completion) {
        BatchRun run = new BatchRun(this, task, completion);
        live.add(run);
        if (clock.isShutdown()) {
            // Too late for close() to have seen it, and without a clock and helpers it might never end.
            run.stop();
        }
        return run;
    }

    /**
     * Forgets a batch whose envelope has been written, as soon as no thread is stuck in one of its items that has not been
     * made up for.
     */
    public void ended(BatchRun run) {
        run.markEnded();
        forgetIfOver(run);
    }

    private void forgetIfOver(BatchRun run) {
        if (run.isOver()) {
            live.remove(run);
        }
    }

    /** The handler that the calling thread is in, of an item or not, has put its request into asynchronous mode. */
    public static void handlerWentAsync() {
        GroupRun.handlerWentAsync();
    }

    /** Where containers may run what they have to run for an item later. */
    public Executor forContainers() {
        return pool;
    }

    /** How many batches have begun and not ended, or have a thread that is stuck. */
    public int liveBatches() {
        return live.size();
    }

    /** How many threads are stuck in handlers whose items have been given up. */
    public int stuckThreads() {
        return stuck.get();
    }

    private void tick() {
        for (BatchRun run : live) {
            try {
                run.tick();
                forgetIfOver(run);
            } catch (RuntimeException | Error e) {
                // Were it thrown on, no batch would have time limits any more; no thread to be had is one such Error.
                LOG.error("A batch could not be looked after", e);
            }
        }
    }

    /** Has a thread of the pool do it; says whether there was one. */
    boolean help(Runnable work) {
        try {
            pool.execute(work);
            return true;
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            LOG.debug("No help for a batch: the filter is stopping, or there is no thread to be had", e);
            return false;
        }
    }

    /**
     * Has something done again and again, by a thread that may have to wait: never twice at the same time, until the filter stops.
     *
     * @param period from the end of one time to the beginning of the next, about
     */
    public Future<?> every(Duration period, Runnable task) {
        AtomicBoolean busy = new AtomicBoolean();
        Runnable guarded = () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("Something that is done now and then could not be done", e);
            } finally {
                busy.set(false);
            }
        };
        return clock.scheduleWithFixedDelay(
                () -> {
                    if (!busy.getAndSet(true)) {
                        deliver(guarded);
                    }
                },
                period.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Has something done once, by a thread that may have to wait, unless the filter stops before. */
    public Future<?> after(Duration delay, Runnable task) {
        return clock.schedule(() -> deliver(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Where answers are written by those who may have to wait. */
    public Executor forDeliveries() {
        return this::deliver;
    }

    void deliver(Runnable delivery) {
        try {
            deliveries.execute(delivery);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // The filter is stopping, or there is no thread to be had: a batch must be answered all the same.
            LOG.debug("A delivery runs on the thread that asked for it", e);
            delivery.run();
        }
    }

    void workerStuck() {
        stuck.incrementAndGet();
        pool.workerStuck();
    }

    void workerBack() {
        stuck.decrementAndGet();
        pool.workerBack();
    }

    /** Answers what is still open with 503 and lets the threads go. */
    @Override
    public void close() {
        clock.shutdownNow();
        live.forEach(BatchRun::stop);
        pool.close();
        deliveries.shutdown();
        awaitClock();
    }

    /** Containers report threads that are still there when a web app has stopped; this one is about to go. */
    private void awaitClock() {
        Thread thread = clockThread;
        if (thread == null || thread == Thread.currentThread()) {
            return;
        }
        try {
            // Its executor has terminated a moment before the thread is gone.
            thread.join(CLOCK_GRACE.toMillis());
            if (thread.isAlive()) {
                LOG.warn("The clock of the batches has not stopped within {} ms", CLOCK_GRACE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
