package io.multistatus.dispatch.tomcat;

import io.multistatus.dispatch.ResponseSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.coyote.ActionCode;
import org.apache.coyote.OutputBuffer;
import org.apache.coyote.Response;
import org.jspecify.annotations.Nullable;

/**
 * Passes an answer on to its sink, as far as it would have gone over the wire. Tomcat writes on one thread at a time;
 * who gives the item up may do so on another.
 */
final class ResponseBody implements OutputBuffer {
    private final Response response;
    private final ResponseSink sink;
    /** The sink has been told the end: whatever Tomcat still says does not matter. */
    private final AtomicBoolean ended = new AtomicBoolean();

    private volatile @Nullable ResponseHead head;
    private volatile boolean cutOff;
    private long sentBytes;

    ResponseBody(Response response, ResponseSink sink) {
        this.response = response;
        this.sink = sink;
    }

    void begin(ResponseHead newHead) {
        head = newHead;
        if (newHead.isInterim()) {
            // The client would wait for another answer, which does not come.
            cutOff = true;
            return;
        }
        sink.head(newHead.status(), newHead.fields());
        if (newHead.bodyAllowed() && newHead.declaredLength() == 0) {
            complete();
        }
    }

    @Override
    public int doWrite(ByteBuffer chunk) throws IOException {
        if (!response.isCommitted()) {
            response.action(ActionCode.COMMIT, null);
        }
        int length = chunk.remaining();
        ResponseHead current = head;
        if (current == null || cutOff || !current.bodyAllowed()) {
            return length;
        }
        long declared = current.declaredLength();
        if (declared >= 0) {
            // What is too much goes nowhere, and nobody is told.
            chunk.limit(chunk.position() + (int) Math.min(length, declared - sentBytes));
        }
        try {
            sentBytes += chunk.remaining();
            if (chunk.hasRemaining()) {
                sink.data(chunk.slice());
                chunk.position(chunk.limit());
            }
        } catch (IOException e) {
            response.action(ActionCode.CLOSE_NOW, e);
            throw e;
        }
        if (sentBytes == declared) {
            // A client would have the whole answer now, whatever the handler does with its thread afterwards.
            complete();
        }
        return length;
    }

    @Override
    public long getBytesWritten() {
        return sentBytes;
    }

    /** Nothing more goes out, not even the end. */
    void cutOff() {
        cutOff = true;
    }

    /** The host is through with its answer. */
    void end() {
        ResponseHead current = head;
        if (current == null || cutOff) {
            return;
        }
        // On the wire, its client waits for the rest until the connection is closed.
        boolean whole = !current.bodyAllowed() || current.declaredLength() < 0 || sentBytes == current.declaredLength();
        if (whole) {
            complete();
        }
    }

    private void complete() {
        if (ended.compareAndSet(false, true)) {
            sink.complete();
        }
    }

    /** The host is through with the item; if the answer has had no end by now, it was cut off. */
    void close(@Nullable Throwable cause) {
        if (ended.compareAndSet(false, true)) {
            sink.aborted(cause == null ? new IOException("Tomcat has cut the answer off") : cause);
        }
    }
}
