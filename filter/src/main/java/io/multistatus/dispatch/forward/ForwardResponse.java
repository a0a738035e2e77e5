package io.multistatus.dispatch.forward;

import io.multistatus.dispatch.ResponseSink;
import io.multistatus.model.Headers;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UnsupportedEncodingException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The response of an item that is forwarded to. A wrapper, because some containers take nothing else, but one that passes
 * nothing on to what it is around. Belongs to the thread of the outer request.
 */
final class ForwardResponse extends HttpServletResponseWrapper {
    /** To be wrapped where the container does not look for its own response. */
    static final HttpServletResponse NOTHING = (HttpServletResponse) Proxy.newProxyInstance(
            ForwardResponse.class.getClassLoader(),
            new Class<?>[] {HttpServletResponse.class},
            (proxy, method, values) -> switch (method.getName()) {
                case "toString" -> "no response";
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == values[0];
                default ->
                    throw new UnsupportedOperationException(
                            method.getName() + " is not supported for items of a batch");
            });

    private final ResponseBuffer buffer;
    private String requestUrl = "";
    private @Nullable String contentType;
    private @Nullable String encoding;
    private @Nullable Locale locale;
    private @Nullable ServletOutputStream stream;
    private @Nullable PrintWriter writer;

    /** The answer to a HEAD request if {@code toHead}. */
    ForwardResponse(HttpServletResponse base, ResponseSink sink, boolean toHead) {
        super(base);
        this.buffer = new ResponseBuffer(sink, toHead);
    }

    /** Sets the URL that relative redirects are relative to. */
    void resolvesAgainst(String url) {
        requestUrl = url;
    }

    /** The handler has returned: what it has not sent yet goes out now. */
    void finish() {
        if (writer != null) {
            writer.flush();
        }
        buffer.finish();
    }

    /** The handler has thrown. */
    void fail(int status, Throwable cause) {
        if (!buffer.isCommitted()) {
            reset();
        }
        buffer.fail(status, cause);
    }

    /** Whether nobody wants the rest. */
    boolean isGivenUp() {
        return buffer.isGivenUp();
    }

    @Override
    public void setStatus(int status) {
        buffer.status(status);
    }

    @Override
    public int getStatus() {
        return buffer.status();
    }

    @Override
    public void sendError(int status) throws IOException {
        sendError(status, null);
    }

    /** There is no error page that could show the message. */
    @Override
    public void sendError(int status, @Nullable String message) throws IOException {
        resetBuffer();
        contentType = null;
        encoding = null;
        describeContent();
        buffer.remove("Content-Length");
        buffer.status(status);
        buffer.close();
    }

    @Override
    public void sendRedirect(String location) throws IOException {
        sendRedirect(location, SC_FOUND, true);
    }

    /** Part of the interface from Servlet 6.1 on. */
    @SuppressWarnings("MissingOverride")
    public void sendRedirect(String location, int status, boolean clearBuffer) throws IOException {
        if (clearBuffer) {
            resetBuffer();
        }
        buffer.status(status);
        buffer.set("Location", absolute(location));
        buffer.close();
    }

    /** To the client the batch is what it would be relative to. */
    private String absolute(String location) {
        try {
            return URI.create(requestUrl).resolve(location).toString();
        } catch (IllegalArgumentException e) {
            return location;
        }
    }

    @Override
    public void setHeader(String name, @Nullable String value) {
        if (name.equalsIgnoreCase("Content-Type")) {
            setContentType(value);
        } else if (value == null) {
            buffer.remove(name);
        } else {
            buffer.set(name, value);
        }
    }

    @Override
    public void addHeader(String name, @Nullable String value) {
        if (name.equalsIgnoreCase("Content-Type")) {
            setContentType(value);
        } else if (value != null) {
            buffer.add(name, value);
        }
    }

    @Override
    public void setIntHeader(String name, int value) {
        setHeader(name, Integer.toString(value));
    }

    @Override
    public void addIntHeader(String name, int value) {
        addHeader(name, Integer.toString(value));
    }

    @Override
    public void setDateHeader(String name, long millis) {
        setHeader(name, date(millis));
    }

    @Override
    public void addDateHeader(String name, long millis) {
        addHeader(name, date(millis));
    }

    private static String date(long millis) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC));
    }

    @Override
    public void addCookie(Cookie cookie) {
        buffer.add("Set-Cookie", SetCookie.of(cookie));
    }

    private Headers headers() {
        return buffer.headers();
    }

    @Override
    public boolean containsHeader(String name) {
        return headers().contains(name);
    }

    @Override
    public @Nullable String getHeader(String name) {
        return headers().first(name).orElse(null);
    }

    @Override
    public Collection<String> getHeaders(String name) {
        return headers().all(name);
    }

    @Override
    public Collection<String> getHeaderNames() {
        Set<String> names = new LinkedHashSet<>();
        headers().forEach((name, value) -> names.add(name));
        return names;
    }

    @Override
    public void setContentType(@Nullable String type) {
        if (type == null) {
            contentType = null;
        } else {
            contentType = MediaType.withoutCharset(type);
            Optional<String> charset = MediaType.charset(type);
            if (charset.isPresent() && writer == null) {
                encoding = charset.get();
            }
        }
        describeContent();
    }

    @Override
    public @Nullable String getContentType() {
        return contentType == null || encoding == null ? contentType : contentType + ";charset=" + encoding;
    }

    @Override
    public void setCharacterEncoding(@Nullable String newEncoding) {
        if (writer == null) {
            encoding = newEncoding;
            describeContent();
        }
    }

    private void describeContent() {
        String type = getContentType();
        if (type == null) {
            buffer.remove("Content-Type");
        } else {
            buffer.set("Content-Type", type);
        }
    }

    @Override
    public String getCharacterEncoding() {
        if (encoding != null) {
            return encoding;
        }
        return (MediaType.isJson(contentType) ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1).name();
    }

    @Override
    public void setContentLength(int length) {
        setContentLengthLong(length);
    }

    @Override
    public void setContentLengthLong(long length) {
        setHeader("Content-Length", Long.toString(length));
    }

    @Override
    public void setLocale(Locale newLocale) {
        locale = newLocale;
        buffer.set("Content-Language", newLocale.toLanguageTag());
    }

    @Override
    public Locale getLocale() {
        return locale == null ? Locale.getDefault() : locale;
    }

    @Override
    public ServletOutputStream getOutputStream() {
        if (writer != null) {
            throw new IllegalStateException("The body is written by a writer already");
        }
        return openStream();
    }

    private ServletOutputStream openStream() {
        if (stream == null) {
            stream = new ItemOutputStream(buffer);
        }
        return stream;
    }

    @Override
    public PrintWriter getWriter() throws UnsupportedEncodingException {
        if (writer == null) {
            if (stream != null) {
                throw new IllegalStateException("The body is written as a stream already");
            }
            Charset charset = charset(getCharacterEncoding());
            if (encoding == null && !MediaType.isJson(contentType)) {
                encoding = charset.name();
                describeContent();
            }
            writer = new PrintWriter(new OutputStreamWriter(openStream(), charset));
        }
        return writer;
    }

    private static Charset charset(String name) throws UnsupportedEncodingException {
        try {
            return Charset.forName(name);
        } catch (UnsupportedCharsetException | IllegalCharsetNameException e) {
            UnsupportedEncodingException unsupported = new UnsupportedEncodingException(name);
            unsupported.initCause(e);
            throw unsupported;
        }
    }

    @Override
    public void setBufferSize(int size) {
        buffer.capacity(size);
    }

    @Override
    public int getBufferSize() {
        return buffer.capacity();
    }

    @Override
    public void flushBuffer() throws IOException {
        if (writer != null) {
            writer.flush();
        }
        buffer.flush();
    }

    @Override
    public boolean isCommitted() {
        return buffer.isCommitted();
    }

    @Override
    public void resetBuffer() {
        buffer.checkOpen();
        if (writer != null) {
            // What it still holds is to go as well, and not to commit anything on its way.
            buffer.mute(true);
            writer.flush();
            buffer.mute(false);
        }
        buffer.clear();
    }

    @Override
    public void reset() {
        resetBuffer();
        for (String name : List.copyOf(getHeaderNames())) {
            buffer.remove(name);
        }
        buffer.status(SC_OK);
        contentType = null;
        encoding = null;
        stream = null;
        writer = null;
    }

    /** Items have no trailers: an envelope has no place for them. */
    @Override
    public void setTrailerFields(Supplier<Map<String, String>> supplier) {}

    @Override
    public @Nullable Supplier<Map<String, String>> getTrailerFields() {
        return null;
    }

    /** There is no session id in the URLs of an item: its client keeps cookies, or sends the id itself. */
    @Override
    public String encodeURL(String url) {
        return url;
    }

    @Override
    public String encodeRedirectURL(String url) {
        return url;
    }
}
