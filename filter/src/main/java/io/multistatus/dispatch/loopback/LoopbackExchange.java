package io.multistatus.dispatch.loopback;

import io.multistatus.dispatch.Exchange;
import io.multistatus.dispatch.ResponseSink;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One item on its way to the server and back. Runs, blocking, on one thread; {@link #cancel} comes on any other, and
 * closes the connection under it.
 */
final class LoopbackExchange implements Runnable, Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(LoopbackExchange.class);

    /** What the socket's buffers take, whatever the other side does. */
    private static final int SHORT_BODY = 16_384;

    private final ServerAddress address;
    private final boolean toHead;
    private final byte[] head;
    private final @Nullable ByteBuffer body;
    private final ResponseSink sink;

    /** Guarded by this. */
    private @Nullable Connection open;
    /** Guarded by this. */
    private @Nullable Throwable cancelled;

    LoopbackExchange(ServerAddress address, String method, byte[] head, @Nullable ByteBuffer body, ResponseSink sink) {
        this.address = address;
        this.toHead = method.equals("HEAD");
        this.head = head;
        this.body = body == null ? null : body.duplicate();
        this.sink = sink;
    }

    @Override
    public void run() {
        try {
            exchange();
        } catch (IOException | RuntimeException | Error e) {
            closeOpen();
            sink.aborted(e);
            return;
        }
        sink.complete();
    }

    /**
     * Over a connection that carries nothing else before or after: whatever an answer has too much, nobody else gets, and
     * no item is sent twice because it met a connection that was just being closed.
     */
    private void exchange() throws IOException {
        Connection connection = new Connection();
        use(connection);
        connect(connection);
        exchange(connection, new AnswerReader(connection.in(), toHead, sink));
        closeOpen();
    }

    private void connect(Connection connection) throws IOException {
        try {
            connection.connect(address);
        } catch (IOException e) {
            synchronized (this) {
                if (cancelled == null) {
                    LOG.warn("No loopback connection to {}: {}", address, e.toString());
                }
            }
            throw e;
        }
    }

    private void exchange(Connection connection, AnswerReader reader) throws IOException {
        if (body == null || body.remaining() <= SHORT_BODY) {
            write(connection);
        } else {
            // The server may answer while it still reads: were nobody here to take the answer, both would stand still.
            Thread writer = new Thread(null, () -> write(connection), "multistatus-loopback-body", 0, false);
            writer.setDaemon(true);
            writer.start();
        }
        reader.read();
    }

    private void write(Connection connection) {
        try {
            OutputStream out = connection.out();
            ByteBuffer bytes = body == null ? ByteBuffer.allocate(0) : body.duplicate();
            // Head and short body in one packet, and so in one system call.
            byte[] first = Arrays.copyOf(head, head.length + Math.min(bytes.remaining(), SHORT_BODY));
            bytes.get(first, head.length, first.length - head.length);
            out.write(first);
            byte[] piece = new byte[Math.min(bytes.remaining(), SHORT_BODY)];
            while (bytes.hasRemaining()) {
                int length = Math.min(bytes.remaining(), piece.length);
                bytes.get(piece, 0, length);
                out.write(piece, 0, length);
            }
            out.flush();
        } catch (IOException e) {
            // The server may have answered before it had all, so its answer decides, or that there is none.
            LOG.debug("An item could not be written to the end", e);
        }
    }

    private void use(Connection connection) throws IOException {
        synchronized (this) {
            if (cancelled == null) {
                open = connection;
                return;
            }
        }
        close(connection);
        throw new IOException("The item was given up before it was sent", cancelled);
    }

    private void closeOpen() {
        Connection connection;
        synchronized (this) {
            connection = open;
            open = null;
        }
        if (connection != null) {
            close(connection);
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (IOException e) {
            LOG.debug("A connection does not close", e);
        }
    }

    @Override
    public void cancel(Throwable cause) {
        synchronized (this) {
            cancelled = cause;
        }
        closeOpen();
    }
}
