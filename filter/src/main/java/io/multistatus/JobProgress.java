package io.multistatus;

import io.multistatus.execution.BatchExecutor;
import io.multistatus.job.JobId;
import io.multistatus.job.JobStatus;
import io.multistatus.job.JobStoreException;
import io.multistatus.job.Jobs;
import io.multistatus.job.KnownJob;
import io.multistatus.model.BatchException;
import io.multistatus.model.Problem;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells clients how their jobs go on, by server-sent events (HTML Living Standard, section 9.2): {@code progress} whenever something
 * has changed, {@code done} at the end. Thread-safe.
 */
final class JobProgress implements AutoCloseable {
    static final String MEDIA_TYPE = "text/event-stream";

    private static final Logger LOG = LoggerFactory.getLogger(JobProgress.class);
    private static final Duration PERIOD = Duration.ofMillis(200);
    /** For jobs of other nodes, about which the store has to be asked. */
    private static final Duration REMOTE_PERIOD = Duration.ofSeconds(1);
    /** Well below the time after which proxies give up on a silent host. */
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private static final int MOST_WATCHERS = 1000;
    private static final byte[] KEEP_ALIVE = ":\n\n".getBytes(StandardCharsets.US_ASCII);
    /** How soon to come back to a stream that has ended without {@code done}, in milliseconds. */
    private static final String RETRY = "retry: 1000\n";

    private final Jobs jobs;
    private final BatchExecutor executor;
    private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();

    JobProgress(Jobs jobs, BatchExecutor executor) {
        this.jobs = jobs;
        this.executor = executor;
    }

    /**
     * Begins to tell a client. Where the request cannot be async it is told once, and comes back by itself.
     *
     * @throws BatchException 503 if there are too many who are told already
     */
    void stream(KnownJob job, HttpServletRequest request, HttpServletResponse response)
            throws BatchException, IOException {
        if (watchers.size() >= MOST_WATCHERS) {
            throw new BatchException(Problem.of(503, "overloaded", "Too many streams at once")
                    .detail(MOST_WATCHERS + " clients are told of the progress of jobs already"));
        }
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType(MEDIA_TYPE + ";charset=utf-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        // nginx would wait until it has more to send.
        response.setHeader("X-Accel-Buffering", "no");
        ServletOutputStream out = response.getOutputStream();
        out.write(RETRY.getBytes(StandardCharsets.US_ASCII));
        write(job.status(), out);
        if (!job.status().state().isOver() && request.isAsyncSupported() && !request.isAsyncStarted()) {
            AsyncContext async = request.startAsync();
            async.setTimeout(0);
            Watcher watcher = new Watcher(job.status(), async, out);
            async.addListener(watcher);
            watchers.add(watcher);
            watcher.begin();
        }
    }

    private static void write(JobStatus status, ServletOutputStream out) throws IOException {
        String name = status.state().isOver() ? "done" : "progress";
        out.write(("event: " + name + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
        out.write(JobStatusDocument.json(status));
        out.write("\n\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** Ends all streams. */
    @Override
    public void close() {
        watchers.forEach(Watcher::end);
    }

    private final class Watcher implements AsyncListener {
        private final JobId id;
        private final AsyncContext async;
        private final ServletOutputStream out;

        // Guarded by this.
        private JobStatus last;
        private long lastWritten = System.nanoTime();
        private boolean over;
        private @Nullable Future<?> polling;

        Watcher(JobStatus first, AsyncContext async, ServletOutputStream out) {
            this.id = first.id();
            this.last = first;
            this.async = async;
            this.out = out;
        }

        void begin() {
            try {
                synchronized (this) {
                    polling = executor.every(jobs.runsHere(id) ? PERIOD : REMOTE_PERIOD, this::poll);
                }
            } catch (RejectedExecutionException e) {
                LOG.debug("The app has stopped just now", e);
                end();
            }
        }

        private void poll() {
            Optional<KnownJob> known;
            try {
                known = jobs.find(id);
            } catch (JobStoreException e) {
                LOG.debug("How job {} goes on is not known now", id, e);
                return;
            }
            if (known.isEmpty()) {
                end();
                return;
            }
            try {
                tell(known.get().status());
            } catch (IOException | RuntimeException e) {
                LOG.debug("A client that was told of job {} has gone", id, e);
                end();
                return;
            }
            if (known.get().status().state().isOver()) {
                end();
            }
        }

        /** The container ends a request under the same lock, so that nothing is written into the next one. */
        private synchronized void tell(JobStatus status) throws IOException {
            if (over) {
                return;
            }
            if (!status.equals(last)) {
                write(status, out);
                last = status;
                lastWritten = System.nanoTime();
            } else if (System.nanoTime() - lastWritten > SILENCE.toNanos()) {
                out.write(KEEP_ALIVE);
                out.flush();
                lastWritten = System.nanoTime();
            }
        }

        void end() {
            if (forget()) {
                try {
                    async.complete();
                } catch (IllegalStateException e) {
                    LOG.debug("The container has already ended the request", e);
                }
            }
        }

        private boolean forget() {
            watchers.remove(this);
            synchronized (this) {
                boolean first = !over;
                over = true;
                if (polling != null) {
                    polling.cancel(false);
                }
                return first;
            }
        }

        @Override
        public void onComplete(AsyncEvent event) {
            forget();
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            end();
        }

        @Override
        public void onError(AsyncEvent event) {
            end();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }
}
