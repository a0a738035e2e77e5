package io.multistatus.dispatch.tomcat;

import java.nio.ByteBuffer;
import org.apache.coyote.InputBuffer;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.jspecify.annotations.Nullable;

/** The body of an item, which stands ready in memory. As thread-safe as Tomcat's own: one reader at a time. */
final class RequestBody implements InputBuffer {
    private static final ByteBuffer NONE = ByteBuffer.allocate(0).asReadOnlyBuffer();
    /** As much as comes from a socket at a time. */
    private static final int PIECE_BYTES = 8_192;

    private ByteBuffer rest;

    RequestBody(@Nullable ByteBuffer body) {
        rest = body == null ? NONE : body.duplicate();
    }

    @Override
    public int doRead(ApplicationBufferHandler handler) {
        if (!rest.hasRemaining()) {
            return -1;
        }
        int length = Math.min(rest.remaining(), PIECE_BYTES);
        handler.setByteBuffer(rest.slice(rest.position(), length));
        rest.position(rest.position() + length);
        return length;
    }

    @Override
    public int available() {
        return rest.remaining();
    }

    /** What the request said before its client had to log in comes instead. */
    void replaceBy(ByteBuffer replay) {
        rest = replay;
    }
}
