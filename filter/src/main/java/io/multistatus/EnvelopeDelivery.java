package io.multistatus;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings an envelope to its client, once, in the way that fits the thread that does it.
 *
 * <pre>
 *   reader, still in the filter ───────────────► plain blocking write
 *   another, the reader is stuck in an item ───► blocking write, then close: the client must not wait for the reader
 *   another, the outer request is async ───────► non-blocking write, so that no slow client holds a thread
 * </pre>
 */
final class EnvelopeDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(EnvelopeDelivery.class);

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final Executor deliveries;
    private final Runnable disconnect;
    private final CountDownLatch written = new CountDownLatch(1);
    /** What a thread writes to that waits for the client; or what writes without one. */
    private volatile @Nullable WatchedOutput watched;

    private volatile @Nullable Feeder feeder;

    /**
     * For one envelope.
     *
     * @param deliveries ends what a client has not taken: the container may have its listeners wait
     * @param disconnect ends the connection by force
     */
    EnvelopeDelivery(
            HttpServletRequest request, HttpServletResponse response, Executor deliveries, Runnable disconnect) {
        this.request = request;
        this.response = response;
        this.deliveries = deliveries;
        this.disconnect = disconnect;
    }

    /** On the thread that read the batch. */
    void write(Supplier<Envelope> source) throws IOException {
        Envelope envelope = source.get();
        envelope.writeHead(response);
        WatchedOutput out = new WatchedOutput(response.getOutputStream());
        watched = out;
        while (envelope.hasNext()) {
            envelope.writeNext(out);
        }
        if (response.isCommitted()) {
            // The container would wait for the client when it ends the answer, and nobody would see that.
            out.flush();
        }
    }

    /**
     * On another thread, while the one that read the batch is stuck in this very request.
     *
     * @param whenDone runs when the last byte has been written, or never will be
     */
    void writeForStuckReader(Supplier<Envelope> source, Runnable whenDone) {
        try {
            if (request.getProtocol().startsWith("HTTP/1")) {
                // Until the stuck thread is back the container cannot serve the next request of this connection.
                response.setHeader("Connection", "close");
            }
            write(source);
            response.getOutputStream().close();
        } catch (IOException | RuntimeException | Error e) {
            LOG.debug("An envelope could not be written", e);
            answerWithError();
        } finally {
            whenDone.run();
            written.countDown();
        }
    }

    /** Holds the stuck thread, now that it is back, until the envelope that is being written for it has been. */
    void awaitWritten() {
        boolean interrupted = false;
        while (true) {
            try {
                written.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * On any thread, once the outer request is async. Nobody else would end it, so whatever goes wrong here ends it too.
     *
     * @param whenDone runs when the last byte has been handed over, or never will be
     */
    void writeAsync(Supplier<Envelope> source, AsyncContext async, Runnable whenDone) {
        try {
            if (response instanceof ServletResponseWrapper) {
                // Many a wrapper does not pass write listeners on.
                write(source);
                finish(async, whenDone);
            } else {
                Envelope envelope = source.get();
                envelope.writeHead(response);
                ServletOutputStream out = response.getOutputStream();
                Feeder newFeeder =
                        new Feeder(envelope, out, () -> finish(async, whenDone), () -> fail(async, whenDone));
                feeder = newFeeder;
                out.setWriteListener(newFeeder);
            }
        } catch (IOException | RuntimeException | Error e) {
            LOG.debug("An envelope could not be written", e);
            fail(async, whenDone);
        }
    }

    /** Called every now and then: gives up a client that has taken nothing for too long. */
    void tick() {
        Feeder current = feeder;
        WatchedOutput waited = watched;
        if (current != null && current.isStalled()) {
            deliveries.execute(() -> current.giveUpStalled(disconnect));
        } else if (waited != null && waited.isStalled()) {
            deliveries.execute(() -> waited.giveUpStalled(disconnect));
        }
    }

    private void fail(AsyncContext async, Runnable whenDone) {
        answerWithError();
        finish(async, whenDone);
    }

    private void answerWithError() {
        try {
            if (!response.isCommitted()) {
                // An envelope of which nothing has gone out would else be a 207 with nothing in it.
                response.reset();
                response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
            }
        } catch (RuntimeException e) {
            LOG.debug("The container has already ended the request", e);
        }
    }

    private static void finish(AsyncContext async, Runnable whenDone) {
        whenDone.run();
        try {
            async.complete();
        } catch (IllegalStateException e) {
            LOG.debug("The container has already ended the request", e);
        }
    }

    /** Renders as much as the client takes. The container calls it by one thread at a time. */
    private static final class Feeder implements WriteListener {
        private static final int CHUNK_BYTES = 16 * 1024;

        private final Envelope envelope;
        private final ServletOutputStream out;
        private final Runnable whenDone;
        private final Runnable whenFailed;
        private final ByteArrayOutputStream chunk = new ByteArrayOutputStream(CHUNK_BYTES + 1024);

        /** Held while something is written, and to end it; never while the container is told. */
        private final ReentrantLock writing = new ReentrantLock();

        // Guarded by it.
        private boolean done;
        private long lastTaken = System.nanoTime();

        Feeder(Envelope envelope, ServletOutputStream out, Runnable whenDone, Runnable whenFailed) {
            this.envelope = envelope;
            this.out = out;
            this.whenDone = whenDone;
            this.whenFailed = whenFailed;
        }

        @Override
        public void onWritePossible() {
            Runnable next;
            writing.lock();
            try {
                next = write();
            } catch (IOException | RuntimeException | Error e) {
                // Undertow would close the connection if this were thrown, and tell nobody.
                next = giveUp(e);
            } finally {
                writing.unlock();
            }
            next.run();
        }

        /** Returns what is to be done then. */
        private Runnable write() throws IOException {
            while (!done && out.isReady()) {
                lastTaken = System.nanoTime();
                if (!envelope.hasNext()) {
                    done = true;
                    return whenDone;
                }
                chunk.reset();
                while (envelope.hasNext() && chunk.size() < CHUNK_BYTES) {
                    envelope.writeNext(chunk);
                }
                chunk.writeTo(out);
            }
            return Feeder::nothing;
        }

        @Override
        public void onError(Throwable cause) {
            Runnable next;
            writing.lock();
            try {
                next = giveUp(cause);
            } finally {
                writing.unlock();
            }
            next.run();
        }

        /** Undertow waits for a client as long as that likes. */
        boolean isStalled() {
            // Who else holds it is writing, so the client takes something.
            if (!writing.tryLock()) {
                return false;
            }
            try {
                return !done && WatchedOutput.hasStalledSince(lastTaken);
            } finally {
                writing.unlock();
            }
        }

        /** A mere end would look, when the client goes on reading, as if that was all. */
        void giveUpStalled(Runnable disconnect) {
            if (isStalled()) {
                disconnect.run();
                onError(WatchedOutput.stalled());
            }
        }

        private static void nothing() {}

        private Runnable giveUp(Throwable cause) {
            if (done) {
                return Feeder::nothing;
            }
            LOG.debug("An envelope could not be written to its end", cause);
            done = true;
            return whenFailed;
        }
    }
}
