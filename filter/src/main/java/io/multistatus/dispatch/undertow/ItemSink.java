package io.multistatus.dispatch.undertow;

import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.conduits.Conduits;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.WriteReadyHandler;

/** Where the bytes of an item's answer go, below all conduits that frame them: takes everything at once. */
final class ItemSink implements StreamSinkConduit {
    private static final int FILE_BUFFER_BYTES = 16 * 1024;

    private final ItemConnection connection;
    private final HttpServerExchange exchange;
    private final ItemResponse response;
    private final ReadyLoop loop;
    private volatile boolean shutdown;

    ItemSink(ItemConnection connection, HttpServerExchange exchange, ItemResponse response) {
        this.connection = connection;
        this.exchange = exchange;
        this.response = response;
        loop = new ReadyLoop(connection.getIoThread(), connection::isOpen);
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        begin();
        try {
            response.data(bytes);
        } catch (IOException e) {
            // As when the socket says that nobody reads any more.
            connection.cut(e);
            throw e;
        }
        return length;
    }

    private void begin() throws ClosedChannelException {
        if (shutdown || !connection.isOpen()) {
            throw new ClosedChannelException();
        }
        response.begin(exchange);
    }

    @Override
    public long write(ByteBuffer[] pieces, int offset, int length) throws IOException {
        long written = 0;
        for (int i = offset; i < offset + length; i++) {
            written += write(pieces[i]);
        }
        return written;
    }

    @Override
    public int writeFinal(ByteBuffer bytes) throws IOException {
        return Conduits.writeFinalBasic(this, bytes);
    }

    @Override
    public long writeFinal(ByteBuffer[] pieces, int offset, int length) throws IOException {
        return Conduits.writeFinalBasic(this, pieces, offset, length);
    }

    @Override
    public long transferFrom(FileChannel file, long position, long count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(count, FILE_BUFFER_BYTES));
        int read = file.read(buffer, position);
        return read <= 0 ? read : write(buffer.flip());
    }

    @Override
    public long transferFrom(StreamSourceChannel source, long count, ByteBuffer through) throws IOException {
        return Conduits.transfer(source, count, through, this);
    }

    @Override
    public boolean flush() throws IOException {
        if (shutdown) {
            response.begin(exchange);
            response.end();
        } else {
            begin();
        }
        return true;
    }

    @Override
    public void terminateWrites() {
        shutdown = true;
    }

    /** The host breaks its answer off. */
    @Override
    public void truncateWrites() throws IOException {
        shutdown = true;
        connection.close();
    }

    @Override
    public boolean isWriteShutdown() {
        return shutdown || !connection.isOpen();
    }

    @Override
    public void resumeWrites() {
        loop.resume();
    }

    @Override
    public void suspendWrites() {
        loop.suspend();
    }

    @Override
    public void wakeupWrites() {
        loop.resume();
    }

    @Override
    public boolean isWriteResumed() {
        return loop.isResumed();
    }

    @Override
    public void awaitWritable() {}

    @Override
    public void awaitWritable(long time, TimeUnit timeUnit) {}

    @Override
    public XnioIoThread getWriteThread() {
        return connection.getIoThread();
    }

    @Override
    public XnioWorker getWorker() {
        return connection.getWorker();
    }

    @Override
    public void setWriteReadyHandler(WriteReadyHandler handler) {
        loop.tell(handler::writeReady);
    }
}
