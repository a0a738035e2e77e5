package io.multistatus.dispatch.jetty;

import io.multistatus.dispatch.Dispatcher;
import io.multistatus.dispatch.DispatcherCapabilities;
import io.multistatus.dispatch.Exchange;
import io.multistatus.dispatch.ResponseSink;
import io.multistatus.model.Headers;
import io.multistatus.model.WireRequest;
import java.net.InetSocketAddress;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.Components;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.HostPort;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.URIUtil;
import org.jspecify.annotations.Nullable;

/**
 * Feeds each item to a channel that it has for itself, the way HTTP/2 feeds its streams: what the channel does with it
 * (URI compliance, virtual host, context, security, filters, sessions, async, error pages, access log) is Jetty's own
 * doing.
 *
 * <p>What stays to be done here is what Jetty's HTTP/1 parser does before a channel sees a request: limits on the size
 * of the request line and the header, the parsing of the target, the completion of the URI by the Host field.
 */
final class JettyDispatcher implements Dispatcher {
    private static final DispatcherCapabilities CAPABILITIES = new DispatcherCapabilities("jetty", true, true, true);
    /** Space before the target, space and version behind it, line break. */
    private static final int REQUEST_LINE_EXTRA = " HTTP/1.1\r\n".length() + 1;
    /** Colon, space and line break. */
    private static final int FIELD_EXTRA = 4;

    private static final int URI_TOO_LONG = 414;
    private static final int HEADER_TOO_LARGE = 431;
    private static final int BAD_REQUEST = 400;

    private final boolean nested;
    private final Headers outerHeaders;
    private final VirtualConnection connection;
    private final HttpChannel.Factory channels;
    /** Those whose item is over, with what Jetty keeps with a channel for the next request; as HTTP/2 keeps them. */
    private final Deque<HttpChannel> idleChannels = new ConcurrentLinkedDeque<>();

    /** The last field of each name: most items of a batch have inherited the same ones. */
    private final Map<String, HttpField> lastFields = new ConcurrentHashMap<>();

    private final String scheme;
    private final boolean hostField;
    private final Optional<String> authority;
    private final int maxHeaderBytes;
    private final boolean caseSensitiveFields;
    /** HTTP/2 and later send names in lower case (RFC 9113, section 8.2), and have a parser that knows no values. */
    private final boolean binaryFields;

    JettyDispatcher(Request outer) {
        nested = VirtualConnection.carries(outer.getConnectionMetaData());
        Headers.Builder headers = Headers.builder();
        for (HttpField field : outer.getHeaders()) {
            headers.add(field.getName(), field.getValue() == null ? "" : field.getValue());
        }
        outerHeaders = headers.build();
        authority = Optional.ofNullable(outer.getHttpURI().getAuthority());
        connection = new VirtualConnection(outer.getConnectionMetaData());
        channels = channelFactory(connection.getConnector());
        scheme = outer.getHttpURI().getScheme();
        // HTTP/2 clients send :authority instead.
        hostField = outer.getHeaders().contains(HttpHeader.HOST);
        maxHeaderBytes = connection.getHttpConfiguration().getRequestHeaderSize();
        caseSensitiveFields = connection.getHttpConfiguration().isHeaderCacheCaseSensitive();
        binaryFields = connection.getHttpVersion().getVersion() >= HttpVersion.HTTP_2.getVersion();
    }

    private static HttpChannel.Factory channelFactory(Connector connector) {
        HttpChannel.@Nullable Factory configured = connector.getBean(HttpChannel.Factory.class);
        return configured == null ? new HttpChannel.DefaultFactory() : configured;
    }

    @Override
    public DispatcherCapabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Headers outerHeaders() {
        return outerHeaders;
    }

    @Override
    public Optional<String> authority() {
        return authority;
    }

    @Override
    public int maxResponseHeaderBytes() {
        HttpConfiguration configuration = connection.getHttpConfiguration();
        int max = Math.max(configuration.getResponseHeaderSize(), configuration.getMaxResponseHeaderSize());
        return max > 0 ? max : Integer.MAX_VALUE;
    }

    @Override
    public Optional<InetSocketAddress> localAddress() {
        return connection.getLocalSocketAddress() instanceof InetSocketAddress address
                ? Optional.of(address)
                : Optional.empty();
    }

    @Override
    public boolean isNested() {
        return nested;
    }

    @Override
    public Exchange dispatch(WireRequest request, ResponseSink sink) {
        HttpChannel idle = idleChannels.poll();
        HttpChannel channel = idle == null ? channels.newHttpChannel(connection) : idle;
        JettyStream stream = new JettyStream(channel, request, sink);
        channel.setHttpStream(stream);
        channel.initialize();
        try {
            start(channel, stream, request);
            if (stream.releasesChannel()) {
                channel.recycle();
                if (!keepsNestedChannel(channel)) {
                    idleChannels.push(channel);
                }
            }
        } catch (RuntimeException e) {
            stream.failed(e);
        }
        return stream;
    }

    /** Whether it has been through ee8 or ee9: what they keep with a channel remembers that a response has failed. */
    private static boolean keepsNestedChannel(HttpChannel channel) {
        return channel instanceof Components components
                && components.getCache().getAttributeNameSet().stream().anyMatch(name -> name.contains(".nested."));
    }

    private void start(HttpChannel channel, JettyStream stream, WireRequest request) {
        // In the order of Jetty's parser: the request line, then the fields.
        if (maxHeaderBytes > 0 && requestLineBytes(request) > maxHeaderBytes) {
            refuse(channel, stream, unreadable(), new HttpException.RuntimeException(URI_TOO_LONG));
            return;
        }
        HttpURI uri;
        try {
            uri = uri(request);
        } catch (RuntimeException e) {
            refuse(channel, stream, unreadable(), new HttpException.RuntimeException(BAD_REQUEST, null, e));
            return;
        }
        if (maxHeaderBytes > 0 && headerBytes(request) > maxHeaderBytes) {
            MetaData.Request requestLine = new MetaData.Request(
                    NanoTime.now(),
                    request.method(),
                    HttpURI.from(request.method(), request.target()),
                    connection.getHttpVersion(),
                    HttpFields.EMPTY,
                    0);
            refuse(channel, stream, requestLine, new HttpException.RuntimeException(HEADER_TOO_LARGE));
            return;
        }
        long length =
                request.body() == null ? contentLength(request) : request.body().remaining();
        channel.onRequest(new MetaData.Request(
                        NanoTime.now(), request.method(), uri, connection.getHttpVersion(), fields(request), length))
                .run();
    }

    /** Stands for a request whose very first line cannot be read. */
    private static MetaData.Request unreadable() {
        return new MetaData.Request(
                NanoTime.now(), "GET", HttpURI.from("/badMessage"), HttpVersion.HTTP_1_0, HttpFields.EMPTY, 0);
    }

    private static int requestLineBytes(WireRequest request) {
        return request.method().length() + request.target().length() + REQUEST_LINE_EXTRA;
    }

    private static int headerBytes(WireRequest request) {
        Headers headers = request.headers();
        int bytes = requestLineBytes(request);
        for (int i = 0; i < headers.size(); i++) {
            bytes += headers.name(i).length() + headers.value(i).length() + FIELD_EXTRA;
        }
        return bytes;
    }

    /** Answers as Jetty does when its parser gives up: with its own error page, for as much as had been read. */
    private static void refuse(
            HttpChannel channel, JettyStream stream, MetaData.Request readSoFar, RuntimeException cause) {
        channel.onRequest(readSoFar);
        Runnable answer = channel.onFailure(cause);
        if (answer == null) {
            stream.failed(new IllegalStateException("Jetty has no answer for a refused request"));
        } else {
            answer.run();
        }
    }

    /** As Jetty's HTTP/1 connection completes a request target. */
    private HttpURI uri(WireRequest request) {
        HttpURI.Mutable uri = HttpURI.build(request.method(), request.target());
        uri.scheme(scheme);
        // HTTP/1.0 can do without a host; what stands in for it is no field then.
        Optional<String> named = hostField || binaryFields ? request.headers().first("Host") : Optional.empty();
        HostPort host = named.map(value -> ((HostPortHttpField) field("Host", value)).getHostPort())
                .orElseGet(connection::getServerAuthority);
        int port = host.getPort();
        uri.authority(host.getHost(), port == URIUtil.getDefaultPortForScheme(scheme) ? -1 : port);
        if (uri.getPath() == null) {
            uri.path("/");
        }
        return uri.asImmutable();
    }

    private static long contentLength(WireRequest request) {
        return request.headers().first("Content-Length").map(Long::parseLong).orElse(-1L);
    }

    /** Names that Jetty knows get its spelling, as its HTTP/1 parser does it. */
    private HttpFields fields(WireRequest request) {
        Headers headers = request.headers();
        HttpFields.Mutable fields = HttpFields.build(headers.size());
        for (int i = 0; i < headers.size(); i++) {
            HttpField field = field(headers.name(i), headers.value(i));
            if (hostField || field.getHeader() != HttpHeader.HOST) {
                fields.add(field);
            }
        }
        return fields.asImmutable();
    }

    private HttpField field(String name, String value) {
        HttpField last = lastFields.get(name);
        if (last != null && value.equals(last.getValue())) {
            return last;
        }
        HttpField field = newField(HttpHeader.CACHE.get(name), name, value);
        lastFields.put(name, field);
        return field;
    }

    /**
     * Common fields come out of the parser's cache, in whose spelling and, as to Content-Type, with whose idea of the
     * charset a handler sees them.
     */
    private HttpField newField(@Nullable HttpHeader known, String name, String value) {
        if (known == null) {
            return new HttpField(binaryFields ? name.toLowerCase(Locale.ROOT) : name, value);
        }
        if (known == HttpHeader.HOST) {
            return new HostPortHttpField(value);
        }
        if (binaryFields) {
            return new HttpField(known, known.lowerCaseName(), value);
        }
        HttpField cached = HttpParser.CACHE.get(known.asString() + ": " + value);
        boolean usable = cached != null
                && value.equalsIgnoreCase(cached.getValue())
                && (value.equals(cached.getValue()) || !caseSensitiveFields);
        return usable ? cached : new HttpField(known, known.asString(), value);
    }
}
