package io.multistatus.equivalence;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http.protocol.HttpProcessorBuilder;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.http2.impl.nio.bootstrap.H2MultiplexingRequester;
import org.apache.hc.core5.http2.impl.nio.bootstrap.H2MultiplexingRequesterBootstrap;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * HTTP/2 in clear text, with prior knowledge (RFC 9113, section 3.3), on one connection as long as the server leaves it
 * open. Adds nothing to a request but its pseudo-header fields. Thread-safe.
 */
public final class Http2Client implements WireClient, AutoCloseable {
    private static final Timeout TIMEOUT = Timeout.ofSeconds(15);

    private final HttpHost server;
    private final H2MultiplexingRequester requester;

    /** A client of the server on that port of 127.0.0.1. */
    public Http2Client(int port) {
        server = new HttpHost("http", "127.0.0.1", port);
        requester = H2MultiplexingRequesterBootstrap.bootstrap()
                .setH2Config(H2Config.custom().setPushEnabled(false).build())
                .setHttpProcessor(HttpProcessorBuilder.create().build())
                .create();
        requester.start();
    }

    @Override
    public HttpAnswer send(String method, String target, List<Field> fields, byte[] body) throws IOException {
        BasicHttpRequest request = new BasicHttpRequest(method, server, target);
        fields.forEach(field -> request.addHeader(field.name(), field.value()));
        if (body != null) {
            request.addHeader("Content-Length", body.length);
        }
        AsyncEntityProducer content =
                body == null || body.length == 0 ? null : new BasicAsyncEntityProducer(body, null);
        return send(request, content, true);
    }

    private HttpAnswer send(BasicHttpRequest request, AsyncEntityProducer content, boolean mayRetry)
            throws IOException {
        Answer answer = new Answer();
        HttpCoreContext context = HttpCoreContext.create();
        BasicRequestProducer producer = new BasicRequestProducer(request, content);
        Future<Void> end = requester.execute(server, producer, answer, TIMEOUT, context, null);
        try {
            end.get(TIMEOUT.toMilliseconds(), TimeUnit.MILLISECONDS);
            return answer.read(null, context);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RequestNotExecutedException && mayRetry) {
                // The server had closed the connection after an earlier request.
                return send(request, content, false);
            }
            return answer.read(e.getCause().toString(), context);
        } catch (TimeoutException e) {
            end.cancel(true);
            throw new SocketTimeoutException(request + " has had no answer for " + TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    @Override
    public void close() {
        requester.close(CloseMode.IMMEDIATE);
    }

    /** What has come of an answer, as it came. */
    private static final class Answer implements AsyncResponseConsumer<Void> {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private volatile HttpResponse head;
        private volatile FutureCallback<Void> callback;

        HttpAnswer read(String broken, HttpCoreContext context) {
            List<Field> fields = new ArrayList<>();
            int status = 0;
            if (head != null) {
                status = head.getCode();
                for (Header field : head.getHeaders()) {
                    fields.add(new Field(field.getName(), field.getValue() == null ? "" : field.getValue()));
                }
            }
            EndpointDetails connection = context.getEndpointDetails();
            int port = connection == null ? 0 : ((InetSocketAddress) connection.getLocalAddress()).getPort();
            return new HttpAnswer(status, "", List.copyOf(fields), body.toByteArray(), broken, port);
        }

        @Override
        public void consumeResponse(
                HttpResponse response, EntityDetails entity, HttpContext context, FutureCallback<Void> whenOver) {
            head = response;
            callback = whenOver;
            if (entity == null) {
                whenOver.completed(null);
            }
        }

        @Override
        public void informationResponse(HttpResponse response, HttpContext context) {}

        @Override
        public void updateCapacity(CapacityChannel capacity) throws IOException {
            capacity.update(Integer.MAX_VALUE);
        }

        @Override
        public void consume(ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            body.writeBytes(copy);
        }

        @Override
        public void streamEnd(List<? extends Header> trailers) {
            callback.completed(null);
        }

        @Override
        public void failed(Exception cause) {
            if (callback != null) {
                callback.failed(cause);
            }
        }

        @Override
        public void releaseResources() {}
    }
}
