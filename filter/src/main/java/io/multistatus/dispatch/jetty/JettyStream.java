package io.multistatus.dispatch.jetty;

import io.multistatus.dispatch.Exchange;
import io.multistatus.dispatch.ResponseSink;
import io.multistatus.model.Headers;
import io.multistatus.model.WireRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * One item as its channel sees it: the request body stands ready in memory, the response goes to a
 * {@link ResponseSink}. Does what Jetty's HTTP/1 generator does to a response before a client sees it.
 *
 * <p>Jetty calls the methods of a stream one after another; only {@link #cancel} comes from outside at any time.
 */
final class JettyStream implements HttpStream, Exchange {
    private static final AtomicLong IDS = new AtomicLong();

    private final String id = "batch-" + IDS.incrementAndGet();
    private final HttpChannel channel;
    private final ResponseSink sink;
    private final boolean head;
    private final @Nullable ByteBuffer body;
    private final Thread dispatching = Thread.currentThread();

    private boolean bodyRead;
    private volatile boolean committed;
    private boolean bodyAllowed;
    private long declaredLength = -1;
    private long sentLength;
    /** The sink has been told the end, so that whatever Jetty still says does not matter. */
    private volatile boolean ended;
    /** Guarded by this. */
    private boolean cancelled;
    /** Jetty was through with the item before its dispatch returned. Belongs to that thread. */
    private boolean overInDispatch;

    JettyStream(HttpChannel channel, WireRequest request, ResponseSink sink) {
        this.channel = channel;
        this.sink = sink;
        this.head = request.method().equals("HEAD");
        this.body = request.body();
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public Content.Chunk read() {
        if (bodyRead || body == null) {
            return Content.Chunk.EOF;
        }
        bodyRead = true;
        return Content.Chunk.from(body.duplicate(), true);
    }

    @Override
    public void demand() {
        Runnable reader = channel.onContentAvailable();
        if (reader != null) {
            reader.run();
        }
    }

    @Override
    public @Nullable Throwable consumeAvailable() {
        bodyRead = true;
        return null;
    }

    @Override
    public void prepareResponse(HttpFields.Mutable headers) {}

    @Override
    public void send(
            MetaData.Request request,
            MetaData.@Nullable Response response,
            boolean last,
            @Nullable ByteBuffer content,
            Callback callback) {
        if (response == null && !committed && last) {
            // The head was refused, or an interim one. What the channel makes of that is an error page which says what
            // Jetty's generator says.
            callback.failed(new EofException("request lifecycle violation"));
            return;
        }
        try {
            if (response != null && !begin(response)) {
                callback.succeeded();
                return;
            }
            if (content != null && content.hasRemaining()) {
                if (bodyAllowed) {
                    sentLength += content.remaining();
                    sink.data(content.duplicate());
                }
                content.position(content.limit());
            }
        } catch (IOException | RuntimeException e) {
            callback.failed(e);
            return;
        }
        if (last || (declaredLength >= 0 && sentLength == declaredLength)) {
            // A client would have the whole answer now, whatever the handler does with its thread afterwards.
            end();
        }
        callback.succeeded();
    }

    /** Returns false for an interim response. */
    private boolean begin(MetaData.Response response) {
        int status = response.getStatus();
        if (status < 200) {
            return false;
        }
        Headers headers = headers(response.getHttpFields());
        committed = true;
        bodyAllowed = !head && status != 204 && status != 304;
        declaredLength = bodyAllowed ? response.getContentLength() : -1;
        sink.head(status, headers);
        return true;
    }

    private Headers headers(HttpFields fields) {
        HttpConfiguration configuration = channel.getConnectionMetaData().getHttpConfiguration();
        int maxBytes = Math.max(configuration.getResponseHeaderSize(), configuration.getMaxResponseHeaderSize());
        int bytes = 0;
        Headers.Builder headers = Headers.builder();
        for (HttpField field : fields) {
            String value = field.getValue() == null ? "" : onTheWire(field.getValue(), ' ');
            HttpHeader known = field.getHeader();
            String name = known == null ? onTheWire(field.getName(), '.').replace(':', '.') : known.asString();
            bytes += name.length() + value.length() + 4;
            if (maxBytes > 0 && bytes > maxBytes) {
                throw new HttpException.RuntimeException(500, "Response Header Fields Too Large");
            }
            headers.add(name, value);
        }
        return headers.build();
    }

    /** Characters that cannot stand in a field are replaced, as Jetty's generator does it; a parser trims the rest. */
    private static String onTheWire(String text, char replacement) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0xff || (c < 0x20 && c != '\t')) {
                StringBuilder clean = new StringBuilder(text);
                for (int k = i; k < clean.length(); k++) {
                    char d = clean.charAt(k);
                    if (d > 0xff || (d < 0x20 && d != '\t')) {
                        clean.setCharAt(k, replacement);
                    }
                }
                return clean.toString().strip();
            }
        }
        return text.strip();
    }

    /** Part of the interface from Jetty 12.1 on. A send is over when it returns, so there is nothing to cut short. */
    @SuppressWarnings("MissingOverride")
    public Runnable cancelSend(Throwable cause, Callback callback) {
        return () -> callback.failed(cause);
    }

    /** Items have time limits of their own. */
    @Override
    public long getIdleTimeout() {
        return 0;
    }

    @Override
    public void setIdleTimeout(long idleTimeoutMs) {}

    @Override
    public boolean isCommitted() {
        return committed;
    }

    @Override
    public void succeeded() {
        end();
        if (Thread.currentThread() == dispatching) {
            overInDispatch = true;
        }
    }

    @Override
    public void failed(Throwable cause) {
        if (!ended) {
            ended = true;
            sink.aborted(cause);
        }
    }

    private void end() {
        if (!committed) {
            // Interim responses only, a lone 101 for one: nothing that a client could take for an answer.
            failed(new IOException("The response has ended without a final status"));
        }
        if (!ended) {
            ended = true;
            sink.complete();
        }
    }

    /**
     * Whether the channel may serve another item, because nobody will do anything with it any more on behalf of this
     * one. To be asked by the thread that dispatched the item, when its handler has returned.
     *
     * <p>A thread that cancels holds the channel from the moment it has set {@code cancelled}, so such a channel is not
     * used again; one that comes later finds {@code ended}, which {@link #succeeded} has set.
     */
    boolean releasesChannel() {
        synchronized (this) {
            return overInDispatch && !cancelled;
        }
    }

    @Override
    public void cancel(Throwable cause) {
        synchronized (this) {
            if (ended) {
                return;
            }
            cancelled = true;
        }
        Runnable failure = channel.onFailure(cause);
        if (failure != null) {
            failure.run();
        }
    }
}
