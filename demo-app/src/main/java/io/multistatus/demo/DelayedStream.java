package io.multistatus.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What one side of a connection sends to the other, with a delay. Times are those of {@link System#nanoTime()}, in nanoseconds. Not
 * thread-safe.
 */
final class DelayedStream {
    /** A sender who has sent more than that within the delay has to wait. At 40 ms that is 200 MB a second. */
    private static final long MOST_BYTES_ON_THE_WAY = 8L << 20;

    /** How a stream ends, or that it goes on. */
    private enum Kind {
        BYTES,
        END,
        RESET
    }

    /** What is on its way, and when it arrives. */
    private record Chunk(Kind kind, ByteBuffer bytes, long arrival) {}

    private final SocketChannel from;
    private final SocketChannel to;
    private final long delay;
    private final long firstSent;

    private final Queue<Chunk> onTheWay = new ArrayDeque<>();
    private long bytesOnTheWay;
    private boolean sentAll;
    private boolean arrivedAll;
    private boolean stuck;

    /**
     * A stream that has not begun.
     *
     * @param delay how long each byte takes
     * @param firstSent when the sender would have sent its first byte, were it as far away as it seems; what comes before counts as
     *     sent then
     */
    DelayedStream(SocketChannel from, SocketChannel to, long delay, long firstSent) {
        this.from = from;
        this.to = to;
        this.delay = delay;
        this.firstSent = firstSent;
    }

    /** Whether there is room for what the sender sends next. */
    boolean canTake() {
        return !sentAll && bytesOnTheWay < MOST_BYTES_ON_THE_WAY;
    }

    /** Whether the receiver has to take some before more can arrive. */
    boolean isStuck() {
        return stuck;
    }

    /** Whether nothing more will arrive. */
    boolean isOver() {
        return arrivedAll;
    }

    /** Reads what the sender has sent, by way of {@code buffer}. */
    void read(ByteBuffer buffer) {
        buffer.clear();
        int count;
        try {
            count = from.read(buffer);
        } catch (IOException e) {
            send(Kind.RESET, ByteBuffer.allocate(0));
            return;
        }
        if (count < 0) {
            send(Kind.END, ByteBuffer.allocate(0));
        } else if (count > 0) {
            send(Kind.BYTES, ByteBuffer.allocate(count).put(buffer.flip()).flip());
        }
    }

    private void send(Kind kind, ByteBuffer bytes) {
        long now = System.nanoTime();
        long sent = now - firstSent < 0 ? firstSent : now;
        sentAll = kind != Kind.BYTES;
        bytesOnTheWay += bytes.remaining();
        onTheWay.add(new Chunk(kind, bytes, sent + delay));
    }

    /**
     * Lets arrive what is due, as far as the receiver takes it.
     *
     * @return how long it is until more is due; {@link Long#MAX_VALUE} if nothing is on its way, or stuck
     * @throws IOException if a reset of the sender has arrived
     */
    long deliver(long now) throws IOException {
        stuck = false;
        while (!onTheWay.isEmpty()) {
            Chunk next = onTheWay.element();
            if (next.arrival() - now > 0) {
                return next.arrival() - now;
            }
            if (next.kind() == Kind.RESET) {
                throw new IOException("reset by the sender");
            }
            if (!arrives(next)) {
                return Long.MAX_VALUE;
            }
            onTheWay.poll();
        }
        return Long.MAX_VALUE;
    }

    private boolean arrives(Chunk chunk) {
        try {
            if (chunk.kind() == Kind.END) {
                to.shutdownOutput();
                arrivedAll = true;
                return true;
            }
            bytesOnTheWay -= to.write(chunk.bytes());
            stuck = chunk.bytes().hasRemaining();
            return !stuck;
        } catch (IOException e) {
            // The receiver is gone. What it has sent before is on the other stream, and is to arrive.
            onTheWay.clear();
            sentAll = true;
            arrivedAll = true;
            return false;
        }
    }
}
