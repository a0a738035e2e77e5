package io.multistatus.dispatch.undertow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.Conduits;
import org.xnio.conduits.ReadReadyHandler;
import org.xnio.conduits.StreamSourceConduit;

/** Where the bytes of an item's body come from: all of them are there from the start. */
final class ItemSource implements StreamSourceConduit {
    private static final int END = -1;

    private final ItemConnection connection;
    private final ByteBuffer body;
    private final ReadyLoop loop;
    private volatile boolean shutdown;

    ItemSource(ItemConnection connection, @Nullable ByteBuffer body) {
        this.connection = connection;
        this.body = body == null ? ByteBuffer.allocate(0) : body.duplicate();
        loop = new ReadyLoop(connection.getIoThread(), connection::isOpen);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (!connection.isOpen()) {
            throw new ClosedChannelException();
        }
        if (shutdown || !body.hasRemaining()) {
            return END;
        }
        int count = Math.min(into.remaining(), body.remaining());
        into.put(body.slice(body.position(), count));
        body.position(body.position() + count);
        return count;
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            int count = into[i].hasRemaining() ? read(into[i]) : 0;
            if (count == END) {
                return total == 0 ? END : total;
            }
            total += count;
        }
        return total;
    }

    @Override
    public long transferTo(long position, long count, FileChannel file) throws IOException {
        if (!connection.isOpen()) {
            throw new ClosedChannelException();
        }
        if (shutdown || !body.hasRemaining()) {
            return END;
        }
        ByteBuffer piece = body.slice(body.position(), (int) Math.min(count, body.remaining()));
        int written = file.write(piece, position);
        body.position(body.position() + written);
        return written;
    }

    @Override
    public long transferTo(long count, ByteBuffer through, StreamSinkChannel target) throws IOException {
        return Conduits.transfer(this, count, through, target);
    }

    @Override
    public void terminateReads() {
        shutdown = true;
    }

    @Override
    public boolean isReadShutdown() {
        return shutdown || !connection.isOpen();
    }

    @Override
    public void resumeReads() {
        loop.resume();
    }

    @Override
    public void suspendReads() {
        loop.suspend();
    }

    @Override
    public void wakeupReads() {
        loop.resume();
    }

    @Override
    public boolean isReadResumed() {
        return loop.isResumed();
    }

    @Override
    public void awaitReadable() {}

    @Override
    public void awaitReadable(long time, TimeUnit timeUnit) {}

    @Override
    public XnioIoThread getReadThread() {
        return connection.getIoThread();
    }

    @Override
    public XnioWorker getWorker() {
        return connection.getWorker();
    }

    @Override
    public void setReadReadyHandler(ReadReadyHandler handler) {
        loop.tell(handler::readReady);
    }
}
