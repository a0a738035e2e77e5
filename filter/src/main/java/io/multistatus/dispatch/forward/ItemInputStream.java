package io.multistatus.dispatch.forward;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.nio.ByteBuffer;

/** The body of an item. Not thread-safe. */
final class ItemInputStream extends ServletInputStream {
    private final ByteBuffer body;

    ItemInputStream(ByteBuffer body) {
        this.body = body.duplicate();
    }

    @Override
    public int read() {
        return body.hasRemaining() ? body.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (!body.hasRemaining()) {
            return -1;
        }
        int count = Math.min(length, body.remaining());
        body.get(buffer, offset, count);
        return count;
    }

    @Override
    public int available() {
        return body.remaining();
    }

    @Override
    public boolean isFinished() {
        return !body.hasRemaining();
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
        throw new IllegalStateException("Items that are forwarded to cannot be asynchronous");
    }
}
