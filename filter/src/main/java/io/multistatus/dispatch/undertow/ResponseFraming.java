package io.multistatus.dispatch.undertow;

import io.undertow.conduits.AbstractFixedLengthStreamSinkConduit;
import io.undertow.conduits.FinishableStreamSinkConduit;
import io.undertow.conduits.HeadStreamSinkConduit;
import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.DateUtils;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import org.xnio.conduits.StreamSinkConduit;

/**
 * Chooses the conduit that an answer goes through by its status and fields, as Undertow's HTTP/1 connection does: dropped
 * bodies, declared lengths that hold the handler to its word, and bodies that end when they end, which need no chunks
 * here.
 */
final class ResponseFraming {
    private ResponseFraming() {}

    static StreamSinkConduit frame(HttpServerExchange exchange, StreamSinkConduit sink) {
        DateUtils.addDateHeaderIfRequired(exchange);
        HeaderMap headers = exchange.getResponseHeaders();
        if (exchange.getRequestMethod().equals(Methods.HEAD)) {
            return new HeadStreamSinkConduit(sink, ended -> Connectors.terminateResponse(exchange));
        }
        if (!Connectors.isEntityBodyAllowed(exchange)) {
            headers.remove(Headers.CONTENT_LENGTH);
            headers.remove(Headers.TRANSFER_ENCODING);
            return new HeadStreamSinkConduit(sink, ended -> Connectors.terminateResponse(exchange));
        }
        if (headers.contains(Headers.TRANSFER_ENCODING)) {
            headers.remove(Headers.CONTENT_LENGTH);
        }
        long length = length(headers);
        if (length < 0) {
            headers.remove(Headers.CONTENT_LENGTH);
            return new FinishableStreamSinkConduit(sink, ended -> Connectors.terminateResponse(exchange));
        }
        return new FixedLengthSink(exchange, sink, length);
    }

    /** Digits only, or the field does not count. */
    private static long length(HeaderMap headers) {
        String value = headers.getFirst(Headers.CONTENT_LENGTH);
        if (value == null || value.isEmpty() || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException tooLong) {
            return -1;
        }
    }

    private static final class FixedLengthSink extends AbstractFixedLengthStreamSinkConduit {
        private final HttpServerExchange exchange;

        FixedLengthSink(HttpServerExchange exchange, StreamSinkConduit sink, long length) {
            super(sink, length, false, false);
            this.exchange = exchange;
        }

        @Override
        protected void channelFinished() {
            Connectors.terminateResponse(exchange);
        }
    }
}
