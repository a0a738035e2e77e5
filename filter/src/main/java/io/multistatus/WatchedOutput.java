package io.multistatus;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what is written and may have to wait for a client to take it, a chunk at a time, so that it shows whether the
 * client takes anything. Written to by one thread; {@link #isStalled} and {@link #giveUpStalled} are for any.
 */
final class WatchedOutput extends OutputStream {
    /**
     * How long a client may take nothing. Not a measure of how fast it reads: a system asks for more when a third of what it
     * holds is gone, and that may be megabytes.
     */
    static final Duration STALL = Duration.ofMinutes(2);

    static final int CHUNK_BYTES = 16 * 1024;

    private final OutputStream out;

    // Guarded by this.
    /** When the chunk at hand was begun. */
    private long since;
    /** Who is at it. */
    private @Nullable Thread writer;

    private boolean givenUp;

    WatchedOutput(OutputStream out) {
        this.out = out;
    }

    /** Whether the client has taken nothing for too long. */
    synchronized boolean isStalled() {
        return writer != null && hasStalledSince(since);
    }

    static boolean hasStalledSince(long nanoTime) {
        return System.nanoTime() - nanoTime > STALL.toNanos();
    }

    static IOException stalled() {
        return new IOException("The client has taken nothing for " + STALL.toSeconds() + " s");
    }

    /**
     * If that is still so: ends the connection and has the thread come back that waits for the client.
     *
     * @param disconnect ends the connection by force; over HTTP/2 that ends a stream, of which nobody tells the thread
     */
    void giveUpStalled(Runnable disconnect) {
        if (!isStalled()) {
            return;
        }
        disconnect.run();
        synchronized (this) {
            Thread waiting = writer;
            if (waiting != null && isStalled()) {
                givenUp = true;
                waiting.interrupt();
            }
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private void watch(Step step) throws IOException {
        synchronized (this) {
            since = System.nanoTime();
            writer = Thread.currentThread();
        }
        try {
            step.run();
        } finally {
            leave();
        }
    }

    /** The thread goes on to something else, which is not to suffer for this. */
    private synchronized void leave() {
        writer = null;
        if (givenUp) {
            givenUp = false;
            // Whether it has been noticed or not.
            Thread.interrupted();
        }
    }

    @Override
    public void write(int b) throws IOException {
        watch(() -> out.write(b));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int end = offset + length;
        for (int from = offset; from < end; from += CHUNK_BYTES) {
            int begin = from;
            watch(() -> out.write(bytes, begin, Math.min(CHUNK_BYTES, end - begin)));
        }
    }

    @Override
    public void flush() throws IOException {
        watch(out::flush);
    }

    @Override
    public void close() throws IOException {
        watch(out::close);
    }
}
