package io.multistatus.dispatch.forward;

import io.multistatus.model.Headers;
import io.multistatus.model.WireRequest;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.Part;
import jakarta.servlet.http.PushBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UnsupportedEncodingException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The outer request as an item sees it: method, fields, query, body and parameters are the item's own; connection, caller
 * and session are the outer request's. Of the outer request's attributes it sees all and changes none. Paths are what the
 * container makes of the forward. Belongs to the thread of the outer request.
 */
final class ForwardRequest extends HttpServletRequestWrapper {
    private static final String FORM = "application/x-www-form-urlencoded";

    private final WireRequest item;
    private final String path;
    private final ByteBuffer body;
    /** What the item has set, or removed where there is no value. */
    private final Map<String, Optional<Object>> attributes = new TreeMap<>();

    private @Nullable String encoding;
    private @Nullable ServletInputStream stream;
    private @Nullable BufferedReader reader;
    private @Nullable Map<String, String[]> parameters;

    /**
     * An item of {@code outer}.
     *
     * @param path where it is forwarded to, within the context
     */
    ForwardRequest(HttpServletRequest outer, WireRequest item, String path) {
        super(outer);
        this.item = item;
        this.path = path;
        this.body = item.body() == null ? ByteBuffer.allocate(0) : item.body();
        this.encoding = MediaType.charset(getContentType()).orElse(null);
    }

    private Headers headers() {
        return item.headers();
    }

    @Override
    public String getMethod() {
        return item.method();
    }

    @Override
    public StringBuffer getRequestURL() {
        StringBuffer url = new StringBuffer(getScheme()).append("://").append(getServerName());
        int port = getServerPort();
        boolean usual = port == (getScheme().equals("https") ? 443 : 80);
        if (port > 0 && !usual) {
            url.append(':').append(port);
        }
        return url.append(getContextPath()).append(path);
    }

    @Override
    public @Nullable String getQueryString() {
        int query = item.target().indexOf('?');
        return query < 0 ? null : item.target().substring(query + 1);
    }

    @Override
    public @Nullable String getHeader(String name) {
        return headers().first(name).orElse(null);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return Collections.enumeration(headers().all(name));
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        Set<String> names = Collections.newSetFromMap(new TreeMap<>(String.CASE_INSENSITIVE_ORDER));
        headers().forEach((name, value) -> names.add(name));
        return Collections.enumeration(names);
    }

    @Override
    public int getIntHeader(String name) {
        return headers().first(name).map(Integer::parseInt).orElse(-1);
    }

    @Override
    public long getDateHeader(String name) {
        Optional<String> value = headers().first(name);
        if (value.isEmpty()) {
            return -1;
        }
        try {
            return DateTimeFormatter.RFC_1123_DATE_TIME
                    .parse(value.get(), Instant::from)
                    .toEpochMilli();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("The header " + name + " is no date", e);
        }
    }

    @Override
    public Cookie @Nullable [] getCookies() {
        List<String> own = headers().all("Cookie");
        if (own.equals(Collections.list(super.getHeaders("Cookie")))) {
            return super.getCookies();
        }
        List<Cookie> cookies = new ArrayList<>();
        for (String pair : String.join(";", own).split(";", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                cookies.add(new Cookie(
                        pair.substring(0, equals).strip(),
                        pair.substring(equals + 1).strip()));
            }
        }
        return cookies.isEmpty() ? null : cookies.toArray(Cookie[]::new);
    }

    @Override
    public Locale getLocale() {
        return locales().get(0);
    }

    @Override
    public Enumeration<Locale> getLocales() {
        return Collections.enumeration(locales());
    }

    private List<Locale> locales() {
        List<Locale> locales = new ArrayList<>();
        try {
            for (Locale.LanguageRange range :
                    Locale.LanguageRange.parse(String.join(",", headers().all("Accept-Language")))) {
                if (!range.getRange().contains("*") && range.getWeight() > 0) {
                    locales.add(Locale.forLanguageTag(range.getRange()));
                }
            }
        } catch (IllegalArgumentException e) {
            // None, or none that can be understood: as if the client had no preference.
            locales.clear();
        }
        return locales.isEmpty() ? List.of(Locale.getDefault()) : locales;
    }

    @Override
    public @Nullable String getContentType() {
        return getHeader("Content-Type");
    }

    @Override
    public int getContentLength() {
        return item.body() == null ? getIntHeader("Content-Length") : body.remaining();
    }

    @Override
    public long getContentLengthLong() {
        return getContentLength();
    }

    @Override
    public @Nullable String getCharacterEncoding() {
        return encoding;
    }

    @Override
    public void setCharacterEncoding(String newEncoding) throws UnsupportedEncodingException {
        charset(newEncoding);
        if (reader == null && parameters == null) {
            encoding = newEncoding;
        }
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
    public ServletInputStream getInputStream() {
        if (reader != null) {
            throw new IllegalStateException("The body is read by a reader already");
        }
        return openStream();
    }

    private ServletInputStream openStream() {
        if (stream == null) {
            stream = new ItemInputStream(body);
        }
        return stream;
    }

    @Override
    public BufferedReader getReader() throws IOException {
        if (reader == null) {
            if (stream != null) {
                throw new IllegalStateException("The body is read as a stream already");
            }
            Charset charset = encoding == null ? StandardCharsets.UTF_8 : charset(encoding);
            reader = new BufferedReader(new InputStreamReader(openStream(), charset));
        }
        return reader;
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        if (parameters == null) {
            parameters = readParameters();
        }
        return parameters;
    }

    private Map<String, String[]> readParameters() {
        ItemParameters all = new ItemParameters();
        String query = getQueryString();
        if (query != null) {
            all.add(query, StandardCharsets.UTF_8, "query");
        }
        if (MediaType.of(getContentType()).equalsIgnoreCase(FORM) && stream == null) {
            try {
                Charset charset = encoding == null ? StandardCharsets.UTF_8 : charset(encoding);
                // Percent-encoded, so it is ASCII; whatever is not decodes like what is.
                String form = new String(openStream().readAllBytes(), charset);
                all.add(form, charset, "body");
            } catch (IOException e) {
                throw new MalformedParametersException("body", e);
            }
        }
        return all.toMap();
    }

    @Override
    public @Nullable String getParameter(String name) {
        String[] values = getParameterMap().get(name);
        return values == null ? null : values[0];
    }

    @Override
    public String @Nullable [] getParameterValues(String name) {
        String[] values = getParameterMap().get(name);
        return values == null ? null : values.clone();
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return Collections.enumeration(getParameterMap().keySet());
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        Optional<Object> own = attributes.get(name);
        return own == null ? super.getAttribute(name) : own.orElse(null);
    }

    @Override
    public void setAttribute(String name, @Nullable Object value) {
        if (isOfTheContainer(name)) {
            super.setAttribute(name, value);
        } else {
            attributes.put(name, Optional.ofNullable(value));
        }
    }

    @Override
    public void removeAttribute(String name) {
        if (isOfTheContainer(name)) {
            super.removeAttribute(name);
        } else {
            attributes.put(name, Optional.empty());
        }
    }

    /** What containers keep there for themselves, and look for in their own request. */
    private static boolean isOfTheContainer(String name) {
        return name.startsWith("org.apache.catalina.")
                || name.startsWith("io.undertow.")
                || name.startsWith("org.eclipse.jetty.");
    }

    @Override
    public Enumeration<String> getAttributeNames() {
        Set<String> names = new LinkedHashSet<>(Collections.list(super.getAttributeNames()));
        attributes.forEach((name, value) -> {
            if (value.isPresent()) {
                names.add(name);
            } else {
                names.remove(name);
            }
        });
        return Collections.enumeration(names);
    }

    /** The container would answer the outer request with its challenge. */
    @Override
    public boolean authenticate(HttpServletResponse response) throws IOException {
        if (getUserPrincipal() != null) {
            return true;
        }
        response.sendError(HttpServletResponse.SC_UNAUTHORIZED);
        return false;
    }

    /** The container would look into the body of the outer request. */
    @Override
    public Collection<Part> getParts() {
        throw new IllegalStateException(
                "Items that are forwarded to have no parts: @MultipartConfig does not reach them");
    }

    @Override
    public Part getPart(String name) {
        throw new IllegalStateException(
                "Items that are forwarded to have no parts: @MultipartConfig does not reach them");
    }

    @Override
    public <T extends HttpUpgradeHandler> T upgrade(Class<T> handler) {
        throw new IllegalStateException("An item of a batch cannot be upgraded");
    }

    @Override
    public @Nullable PushBuilder newPushBuilder() {
        return null;
    }

    @Override
    public Map<String, String> getTrailerFields() {
        return Map.of();
    }

    @Override
    public boolean isTrailerFieldsReady() {
        return true;
    }

    /** Async would be the outer request's, and end the batch. */
    @Override
    public boolean isAsyncSupported() {
        return false;
    }

    @Override
    public boolean isAsyncStarted() {
        return false;
    }

    @Override
    public AsyncContext startAsync() {
        throw new IllegalStateException("Items that are forwarded to cannot be asynchronous");
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
        return startAsync();
    }

    @Override
    public AsyncContext getAsyncContext() {
        throw new IllegalStateException("Items that are forwarded to cannot be asynchronous");
    }
}
