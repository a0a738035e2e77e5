package io.multistatus.dispatch.undertow;

import io.multistatus.dispatch.ResponseSink;
import io.multistatus.model.Headers;
import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Methods;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a client has of the answer so far, told to a {@link ResponseSink}: does what Undertow's HTTP/1 connection does to a
 * response when it writes it, and sees, as a client would, when it is whole.
 *
 * <p>Undertow calls {@link #begin}, {@link #data} and {@link #end} one after another; {@link #abort} comes at any time.
 */
final class ItemResponse {
    private static final long UNKNOWN = -1;

    private final ResponseSink sink;
    /** The sink has been told the end. Whoever sets it tells. */
    private final AtomicBoolean ended = new AtomicBoolean();

    private boolean begun;
    private boolean interim;
    private long missingBytes = UNKNOWN;

    ItemResponse(ResponseSink sink) {
        this.sink = sink;
    }

    /** Writes status and fields, as they are now; the first time only. */
    void begin(HttpServerExchange exchange) {
        if (begun) {
            return;
        }
        begun = true;
        Connectors.flattenCookies(exchange);
        int status = exchange.getStatusCode();
        interim = status < 200;
        if (interim || ended.get()) {
            return;
        }
        sink.head(status, headers(exchange));
        if (exchange.getRequestMethod().equals(Methods.HEAD) || !Connectors.isEntityBodyAllowed(exchange)) {
            missingBytes = 0;
        } else {
            missingBytes = exchange.getResponseContentLength();
        }
        completeIfWhole();
    }

    /** Writes a piece of the body. */
    void data(ByteBuffer bytes) throws IOException {
        if (ended.get()) {
            throw new ClosedChannelException();
        }
        if (!bytes.hasRemaining()) {
            return;
        }
        sink.data(bytes.duplicate());
        if (missingBytes != UNKNOWN) {
            missingBytes -= bytes.remaining();
        }
        bytes.position(bytes.limit());
        completeIfWhole();
    }

    /** A client would have it all now, whatever the handler does with its thread afterwards. */
    private void completeIfWhole() {
        if (missingBytes == 0) {
            end();
        }
    }

    /** There is no more to come. */
    void end() {
        if (!begun || interim) {
            // Nothing that a client could take for an answer.
            abort(new IOException("The response has ended without a final status"));
        } else if (ended.compareAndSet(false, true)) {
            sink.complete();
        }
    }

    /** The connection is cut; does nothing if the answer is whole. */
    void abort(Throwable cause) {
        if (ended.compareAndSet(false, true)) {
            sink.aborted(cause);
        }
    }

    /** Answers without having asked any handler, and without a body. */
    void refuse(int status, Headers headers) {
        if (ended.compareAndSet(false, true)) {
            sink.head(status, headers);
            sink.complete();
        }
    }

    /** Whether the answer is whole, or cut. */
    boolean hasEnded() {
        return ended.get();
    }

    private static Headers headers(HttpServerExchange exchange) {
        Headers.Builder headers = Headers.builder();
        for (HeaderValues field : exchange.getResponseHeaders()) {
            String name = field.getHeaderName().toString();
            for (String value : field) {
                headers.add(name, onTheWire(value));
            }
        }
        return headers.build();
    }

    /** A character becomes the byte that is its lower half, and line breaks become spaces; a parser trims the rest. */
    private static String onTheWire(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c > 0xff || c == '\r' || c == '\n') {
                StringBuilder bytes = new StringBuilder(value);
                for (int k = i; k < bytes.length(); k++) {
                    char b = (char) (bytes.charAt(k) & 0xff);
                    bytes.setCharAt(k, b == '\r' || b == '\n' ? ' ' : b);
                }
                return bytes.toString().strip();
            }
        }
        return value.strip();
    }
}
