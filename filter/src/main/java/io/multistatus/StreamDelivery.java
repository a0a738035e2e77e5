package io.multistatus;

import io.multistatus.execution.BatchRun;
import io.multistatus.model.Batch;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the answers of a batch to their client as they come, while the rest of it runs. The outer request is async. No
 * thread waits for a client that reads slowly: the container says when it takes more, and meanwhile only as many items run
 * as there is room for. Behind a wrapped response, which may not pass write listeners on, a thread of its own writes and
 * waits.
 *
 * <pre>
 *   items that get done ──queue──► pump ──► client
 *                                   ▲ one thread at a time: of an item that got done, of the container, of the clock
 * </pre>
 *
 * <p>Thread-safe.
 */
final class StreamDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(StreamDelivery.class);
    private static final int CHUNK_BYTES = WatchedOutput.CHUNK_BYTES;
    /** Well below the time after which proxies give up on a silent host, which is a minute for most. */
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private static final Duration WRITER_GRACE = Duration.ofSeconds(1);

    private static final Problem CLIENT_GONE = Problem.of(503, "client-gone", "Nobody waits for the answer")
            .detail("The client went away before the item had begun; it has not run");

    /** What is rendered and written piece by piece, so that it shows when a client takes any of it. */
    private static final class Chunk extends ByteArrayOutputStream {
        private int from;

        Chunk() {
            super(CHUNK_BYTES + 1024);
        }

        boolean hasMore() {
            return from < count;
        }

        void writeNext(OutputStream out) throws IOException {
            int length = Math.min(CHUNK_BYTES, count - from);
            out.write(buf, from, length);
            from += length;
        }

        /** Makes room for the next; what was large is not kept. */
        void clear() {
            reset();
            from = 0;
            if (buf.length > 4 * CHUNK_BYTES) {
                buf = new byte[CHUNK_BYTES + 1024];
            }
        }
    }

    /** An answer that has not been written yet. */
    private record Answer(int item, Subresponse response) {}

    private final Batch batch;
    private final StreamedEnvelope envelope;
    private final HttpServletResponse response;
    private final boolean blocking;
    private final Executor threads;
    private final Runnable disconnect;
    private final Runnable whenDone;

    // Set before anything is written.
    private volatile @Nullable BatchRun run;
    private volatile @Nullable AsyncContext async;
    private volatile @Nullable ServletOutputStream out;
    /** The same, for a thread that waits. */
    private volatile @Nullable WatchedOutput watched;

    /** How often the pump has been asked for since it began its round; 0 if nobody is at it. */
    private final AtomicInteger asked = new AtomicInteger();

    // Guarded by this.
    private final Deque<Answer> waiting = new ArrayDeque<>();
    private @Nullable Summary summary;

    /**
     * Whether the container takes bytes. Once it has said that it does not, it is not asked again before it says that it does:
     * asking makes Undertow resume writes, which might be just when another thread writes.
     */
    private volatile boolean open;

    private volatile boolean gone;
    /** The container has ended the outer request, which it may use for another one by now. */
    private volatile boolean over;

    private volatile long lastWritten = System.nanoTime();
    private volatile boolean silent;
    private volatile boolean finished;

    /** Held while something is written. */
    private final ReentrantLock writing = new ReentrantLock();

    // Guarded by it.
    private final Chunk chunk = new Chunk();
    /** They are in the chunk. */
    private final List<Answer> onTheWay = new ArrayList<>();

    private boolean unflushed = true;
    private int written;
    private boolean ended;

    /**
     * For one batch.
     *
     * @param threads where what may block is done
     * @param disconnect ends the connection by force
     * @param whenDone runs once, when the last byte has been handed over, or never will be, and the batch has ended
     */
    StreamDelivery(
            Batch batch,
            StreamedEnvelope envelope,
            HttpServletResponse response,
            Executor threads,
            Runnable disconnect,
            Runnable whenDone) {
        this.batch = batch;
        this.envelope = envelope;
        this.response = response;
        this.blocking = response instanceof ServletResponseWrapper;
        this.threads = threads;
        this.disconnect = disconnect;
        this.whenDone = whenDone;
    }

    /** Begins the answer, on the thread that read the batch, before any item runs. */
    void start(AsyncContext started, BatchRun newRun) throws IOException {
        async = started;
        run = newRun;
        envelope.writeHead(response);
        started.addListener(new EndListener());
        ServletOutputStream stream = response.getOutputStream();
        if (blocking) {
            // Filters in front, on their way back, must not meet a header that is being sent.
            sendHead();
            watched = new WatchedOutput(stream);
        }
        out = stream;
        if (!blocking) {
            stream.setWriteListener(new Opening());
        }
        pump();
    }

    private void sendHead() {
        try {
            response.flushBuffer();
            open = true;
        } catch (IOException e) {
            leave(e);
        }
    }

    /** An item has its answer. */
    void answered(int item, Subresponse answer) {
        synchronized (this) {
            if (!gone) {
                waiting.addLast(new Answer(item, answer));
            }
        }
        pump();
    }

    /** All items have their answers. */
    void end(Summary newSummary) {
        synchronized (this) {
            summary = newSummary;
        }
        pump();
    }

    /** Called every now and then: breaks a long silence, and gives up a client that has taken nothing for too long. */
    void tick() {
        if (gone) {
            return;
        }
        if (isStalled()) {
            if (leave(WatchedOutput.stalled())) {
                // The container may have its listeners wait.
                threads.execute(this::endStalled);
            }
        } else if (System.nanoTime() - lastWritten > SILENCE.toNanos()) {
            silent = true;
            pump();
        }
    }

    private boolean isStalled() {
        WatchedOutput waited = watched;
        return waited == null ? !open && out != null && WatchedOutput.hasStalledSince(lastWritten) : waited.isStalled();
    }

    /** A mere end would look, when the client goes on reading, as if that was all; and a thread may be waiting for it. */
    private void endStalled() {
        WatchedOutput waited = watched;
        if (waited != null) {
            waited.giveUpStalled(disconnect);
        } else if (!over) {
            disconnect.run();
        }
        pump();
    }

    /** Told by the container, on whichever of its threads. */
    private final class Opening implements WriteListener {
        @Override
        public void onWritePossible() {
            open = true;
            pump();
        }

        @Override
        public void onError(Throwable cause) {
            leave(cause);
            awaitWriter();
            pump();
        }
    }

    /** Told by the container when it ends the outer request. When that is over, it may use what belongs to it for another. */
    private final class EndListener implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {
            over = true;
            leave(event.getThrowable());
            awaitWriter();
        }

        @Override
        public void onError(AsyncEvent event) {
            leave(event.getThrowable());
            awaitWriter();
            pump();
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            // None is set.
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // Nobody else has the context.
        }
    }

    /** There is nobody to write to any more, unless all is written; returns whether that is new. */
    private boolean leave(@Nullable Throwable cause) {
        synchronized (this) {
            if (gone || finished) {
                return false;
            }
            gone = true;
            waiting.clear();
        }
        LOG.debug("The client of a streamed answer has gone", cause);
        Objects.requireNonNull(run).cancelRest(CLIENT_GONE);
        return true;
    }

    private void awaitWriter() {
        try {
            if (writing.tryLock(WRITER_GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                writing.unlock();
            } else {
                LOG.warn("A thread is still writing to a request that the container ends");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes what there is to write, unless another thread is at it: then that one goes on for as long. */
    private void pump() {
        if (asked.getAndIncrement() == 0) {
            if (blocking) {
                threads.execute(this::rounds);
            } else {
                rounds();
            }
        }
    }

    private void rounds() {
        int missed = 1;
        do {
            try {
                while (step()) {
                    // There is more to do.
                }
            } catch (IOException | RuntimeException | Error e) {
                leave(e);
                // Comes back for what is to be done when the client has gone.
                asked.incrementAndGet();
            }
            missed = asked.addAndGet(-missed);
        } while (missed != 0);
    }

    /** Does one thing, as far as the container and the client let it; false if there is nothing to do now. */
    private boolean step() throws IOException {
        writing.lock();
        try {
            ServletOutputStream stream = out;
            if (finished || gone || stream == null || !isReady(stream)) {
                finishIf(gone);
                return false;
            }
            if (chunk.hasMore() || render()) {
                chunk.writeNext(target(stream));
                lastWritten = System.nanoTime();
                unflushed = true;
                return true;
            }
            if (unflushed) {
                unflushed = false;
                target(stream).flush();
                return true;
            }
            finishIf(ended);
            return false;
        } finally {
            writing.unlock();
        }
    }

    private OutputStream target(ServletOutputStream stream) {
        WatchedOutput waited = watched;
        return waited == null ? stream : waited;
    }

    private boolean isReady(ServletOutputStream stream) {
        if (!open || blocking) {
            return open;
        }
        // Before it is asked: it may say that it takes more before it has answered that it does not.
        open = false;
        boolean ready = stream.isReady();
        if (ready) {
            open = true;
        }
        return ready;
    }

    /** The client has taken what was in the chunk. */
    private void letGo() {
        for (Answer answer : onTheWay) {
            Objects.requireNonNull(run).taken(answer.item());
        }
        onTheWay.clear();
    }

    /** Puts into the chunk what is next; false if that is nothing. */
    private boolean render() throws IOException {
        letGo();
        chunk.clear();
        Answer answer = next();
        while (answer != null) {
            envelope.writeItem(answer.item(), answer.response(), chunk);
            written++;
            onTheWay.add(answer);
            answer = chunk.size() < CHUNK_BYTES ? next() : null;
        }
        Summary known = summary();
        if (known != null && written == batch.size() && !ended) {
            ended = true;
            envelope.writeEnd(known, chunk);
        } else if (silent && chunk.size() == 0 && !ended) {
            envelope.writeKeepAlive(chunk);
        }
        silent = false;
        return chunk.hasMore();
    }

    private synchronized @Nullable Answer next() {
        return waiting.pollFirst();
    }

    private synchronized @Nullable Summary summary() {
        return summary;
    }

    /** Nobody else would end the outer request. */
    private void finishIf(boolean allDone) {
        if (!allDone || finished || summary() == null) {
            return;
        }
        finished = true;
        whenDone.run();
        if (!over) {
            try {
                Objects.requireNonNull(async).complete();
            } catch (IllegalStateException e) {
                LOG.debug("The container has already ended the request", e);
            }
        }
    }
}
