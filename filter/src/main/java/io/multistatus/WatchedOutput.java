package io.multistatus;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/**
 * Passes on what is written and may have to wait for a client to take it, a chunk at a time, so that it shows whether the
 * client takes anything. Written to by one thread; {@link #isStalled} is for any.
 */
final class WatchedOutput extends OutputStream {
    /**
     * How long a client may take nothing. Not a measure of how fast it reads: a system asks for more when a third of what it
     * holds is gone, and that may be megabytes.
     */
    static final Duration STALL = Duration.ofMinutes(2);

    static final int CHUNK_BYTES = 16 * 1024;

    private final OutputStream out;
    /** When the chunk at hand was begun. */
    private volatile long since;

    private volatile boolean waiting;

    WatchedOutput(OutputStream out) {
        this.out = out;
    }

    /** Whether the client has taken nothing for too long. */
    boolean isStalled() {
        return waiting && hasStalledSince(since);
    }

    static boolean hasStalledSince(long nanoTime) {
        return System.nanoTime() - nanoTime > STALL.toNanos();
    }

    static IOException stalled() {
        return new IOException("The client has taken nothing for " + STALL.toSeconds() + " s");
    }

    private interface Step {
        void run() throws IOException;
    }

    private void watch(Step step) throws IOException {
        since = System.nanoTime();
        waiting = true;
        try {
            step.run();
        } finally {
            waiting = false;
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
