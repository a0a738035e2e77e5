package io.multistatus.dispatch.forward;

import io.multistatus.dispatch.ResponseSink;
import io.multistatus.model.Headers;
import io.multistatus.model.HttpSyntax;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an item's answer is before it goes out: status, fields and the first bytes can be taken back until it is committed.
 * Not thread-safe.
 *
 * <pre>
 *   open ──write past capacity, flush──► committed ──finish──► over
 *     │                                      └──────fail─────► over (aborted)
 *     └──sendError, close: writes go nowhere──► closed ──finish──► over
 * </pre>
 */
final class ResponseBuffer {
    private static final int DEFAULT_CAPACITY = 8_192;

    private record Field(String name, String value) {}

    private final ResponseSink sink;
    private final boolean toHead;
    private final List<Field> fields = new ArrayList<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    private int capacity = DEFAULT_CAPACITY;
    private int status = 200;
    private boolean committed;
    private boolean closed;
    private boolean muted;
    private @Nullable IOException refusal;

    ResponseBuffer(ResponseSink sink, boolean toHead) {
        this.sink = sink;
        this.toHead = toHead;
    }

    int status() {
        return status;
    }

    void status(int newStatus) {
        if (!isCommitted()) {
            status = newStatus;
        }
    }

    int capacity() {
        return capacity;
    }

    void capacity(int newCapacity) {
        if (committed || bytes.size() > 0) {
            throw new IllegalStateException("The body has begun");
        }
        capacity = newCapacity;
    }

    Headers headers() {
        Headers.Builder headers = Headers.builder();
        fields.forEach(field -> headers.add(field.name(), field.value()));
        return headers.build();
    }

    /** Nothing is added under a name that is no token: no client could read it as a field. */
    void add(String name, String value) {
        if (!isCommitted() && HttpSyntax.isToken(name)) {
            fields.add(new Field(name, onTheWire(value)));
        }
    }

    void set(String name, String value) {
        remove(name);
        add(name, value);
    }

    void remove(String name) {
        if (!isCommitted()) {
            fields.removeIf(field -> field.name().equalsIgnoreCase(name));
        }
    }

    /** Replaces what cannot stand in a field, as containers do. */
    private static String onTheWire(String value) {
        StringBuilder clean = new StringBuilder(value);
        for (int i = 0; i < clean.length(); i++) {
            char c = clean.charAt(i);
            if (c > 0xff || c == 0x7f || (c < ' ' && c != '\t')) {
                clean.setCharAt(i, ' ');
            }
        }
        return clean.toString().strip();
    }

    boolean isCommitted() {
        return committed || closed;
    }

    boolean isGivenUp() {
        return refusal != null;
    }

    /**
     * Does nothing as long as everything can be taken back.
     *
     * @throws IllegalStateException if it cannot
     */
    void checkOpen() {
        if (isCommitted()) {
            throw new IllegalStateException("The answer has gone out");
        }
    }

    /** While muted, nothing that is written or flushed comes in. */
    void mute(boolean newMuted) {
        muted = newMuted;
    }

    void clear() {
        bytes.reset();
    }

    void write(byte[] from, int offset, int length) throws IOException {
        if (refusal != null) {
            throw refusal;
        }
        if (closed || muted) {
            return;
        }
        if (bytes.size() + length <= capacity) {
            bytes.write(from, offset, length);
            return;
        }
        commit();
        send(ByteBuffer.wrap(from, offset, length));
    }

    void flush() throws IOException {
        if (!closed && !muted) {
            commit();
        }
    }

    /** What is written from now on goes nowhere. */
    void close() {
        closed = true;
    }

    private void commit() throws IOException {
        if (refusal != null) {
            throw refusal;
        }
        if (!committed) {
            committed = true;
            if (status < 200 || status > 999) {
                // 1xx on the wire is an interim response, and then the connection ends without a final one.
                refusal = new IOException("The response has ended with the status " + status + ", which is not final");
                throw refusal;
            }
            sink.head(status, headers());
        }
        if (bytes.size() > 0) {
            ByteBuffer held = ByteBuffer.wrap(bytes.toByteArray());
            bytes.reset();
            send(held);
        }
    }

    private void send(ByteBuffer piece) throws IOException {
        if (toHead || status == 204 || status == 304) {
            return;
        }
        try {
            sink.data(piece);
        } catch (IOException e) {
            refusal = e;
            throw e;
        }
    }

    void finish() {
        try {
            // Throws what a PrintWriter has kept to itself, too: that nobody wanted the rest.
            commit();
        } catch (IOException e) {
            sink.aborted(e);
            return;
        }
        sink.complete();
    }

    void fail(int newStatus, Throwable cause) {
        if (committed) {
            sink.aborted(cause);
            return;
        }
        closed = false;
        fields.clear();
        bytes.reset();
        status = newStatus;
        finish();
    }
}
