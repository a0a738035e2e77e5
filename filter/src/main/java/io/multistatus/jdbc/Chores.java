package io.multistatus.jdbc;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a store does again and again, on daemon threads of its own. Thread-safe. */
public final class Chores implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Chores.class);
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final String name;
    private final ScheduledExecutorService clock;

    /**
     * Nothing to do yet.
     *
     * @param name what the threads are called
     * @param threads how many chores may be done at once
     */
    public Chores(String name, int threads) {
        this.name = name;
        clock = Executors.newScheduledThreadPool(threads, work -> {
            Thread thread = new Thread(null, work, name, 0, false);
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Does a chore again and again.
     *
     * @param first how long from now
     * @param pause how long between the end of one time and the next
     * @param chore throws nothing: it would not be done again
     */
    public void repeat(Duration first, Duration pause, Runnable chore) {
        ScheduledFuture<?> unused =
                clock.scheduleWithFixedDelay(chore, first.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether nothing is done any more. */
    public boolean isClosed() {
        return clock.isShutdown();
    }

    /** Interrupts what is being done, and waits a little until it has ended. */
    @Override
    public void close() {
        clock.shutdownNow();
        try {
            if (!clock.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("The threads {} have not stopped within {}", name, CLOSING);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
