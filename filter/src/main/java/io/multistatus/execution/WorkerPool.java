package io.multistatus.execution;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads that help to run batches: a bounded pool of platform threads, or virtual ones. Never the container's, which
 * the batches themselves may be holding. Threads that are stuck in a handler nobody waits for do not count against the
 * bound. Thread-safe.
 */
final class WorkerPool implements Executor, AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final ExecutorService executor;
    private final @Nullable ThreadPoolExecutor bounded;
    private final int threads;
    private int stuck;

    /**
     * A pool whose threads have {@code loader} as their context class loader.
     *
     * @param threads the bound for platform threads, 1 or more
     * @param virtual whether to use virtual threads, without a bound, instead
     * @throws IllegalStateException if this JVM has no virtual threads (before Java 21)
     */
    WorkerPool(int threads, boolean virtual, ClassLoader loader) {
        this.threads = threads;
        if (virtual) {
            bounded = null;
            executor = virtualThreads(loader);
        } else {
            bounded = new ThreadPoolExecutor(
                    threads,
                    threads,
                    IDLE.toMillis(),
                    TimeUnit.MILLISECONDS,
                    new LinkedBlockingQueue<>(),
                    daemons("multistatus-worker-", loader));
            bounded.allowCoreThreadTimeOut(true);
            executor = bounded;
        }
    }

    /** Daemon threads that inherit no thread-locals of whoever happens to start them. */
    static ThreadFactory daemons(String namePrefix, ClassLoader loader) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(null, task, namePrefix + number.incrementAndGet(), 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(loader);
            return thread;
        };
    }

    /** By reflection, because the library runs on Java 17 too. */
    private static ExecutorService virtualThreads(ClassLoader loader) {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder$OfVirtual");
            builder = type.getMethod("name", String.class, long.class).invoke(builder, "multistatus-worker-", 1L);
            builder = type.getMethod("inheritInheritableThreadLocals", boolean.class)
                    .invoke(builder, false);
            ThreadFactory plain = (ThreadFactory) Class.forName("java.lang.Thread$Builder")
                    .getMethod("factory")
                    .invoke(builder);
            ThreadFactory factory = task -> {
                Thread thread = plain.newThread(task);
                thread.setContextClassLoader(loader);
                return thread;
            };
            Method perTask = Executors.class.getMethod("newThreadPerTaskExecutor", ThreadFactory.class);
            return (ExecutorService) perTask.invoke(null, factory);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "virtualThreads needs Java 21 or later, this is " + System.getProperty("java.version"), e);
        }
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    /** A worker does not come back; others may use one thread more until it does. */
    synchronized void workerStuck() {
        stuck++;
        resize();
    }

    /** A worker that had been stuck has come back. */
    synchronized void workerBack() {
        stuck--;
        resize();
    }

    private void resize() {
        if (bounded == null) {
            return;
        }
        // A worker may be back before it has been reported stuck; the count is right again a moment later.
        int size = threads + Math.max(stuck, 0);
        if (size > bounded.getMaximumPoolSize()) {
            bounded.setMaximumPoolSize(size);
            bounded.setCorePoolSize(size);
        } else {
            bounded.setCorePoolSize(size);
            bounded.setMaximumPoolSize(size);
        }
    }

    /** How many threads it may have now; no limit is {@link Integer#MAX_VALUE}. */
    int bound() {
        return bounded == null ? Integer.MAX_VALUE : bounded.getMaximumPoolSize();
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
