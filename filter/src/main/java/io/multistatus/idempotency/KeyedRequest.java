package io.multistatus.idempotency;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.Part;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.Enumeration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request whose fingerprint is taken while its handler reads it. Not thread-safe, as any request. */
final class KeyedRequest extends HttpServletRequestWrapper {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String MULTIPART = "multipart/form-data";

    private @Nullable RequestBodyDigest body;
    /** Whether the container has read the body before the handler could. */
    private boolean parsed;

    private @Nullable BufferedReader reader;
    private @Nullable KeyedExchange exchange;
    private boolean asyncSupported = true;
    private boolean asyncRefused;

    KeyedRequest(HttpServletRequest request) {
        super(request);
    }

    void belongsTo(KeyedExchange newExchange) {
        exchange = newExchange;
    }

    @Nullable
    KeyedExchange exchange() {
        return exchange;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        if (reader != null) {
            throw new IllegalStateException("getReader() has been called for this request");
        }
        return body();
    }

    private RequestBodyDigest body() throws IOException {
        if (body == null) {
            body = new RequestBodyDigest(super.getInputStream());
        }
        return body;
    }

    @Override
    public BufferedReader getReader() throws IOException {
        if (reader == null) {
            if (body != null) {
                throw new IllegalStateException("getInputStream() has been called for this request");
            }
            String encoding = getCharacterEncoding();
            reader = new BufferedReader(
                    new InputStreamReader(body(), encoding == null ? StandardCharsets.ISO_8859_1.name() : encoding));
        }
        return reader;
    }

    private void parsing() {
        parsed |= body == null;
    }

    @Override
    public @Nullable String getParameter(String name) {
        parsing();
        return super.getParameter(name);
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        parsing();
        return super.getParameterMap();
    }

    @Override
    public Enumeration<String> getParameterNames() {
        parsing();
        return super.getParameterNames();
    }

    @Override
    public String @Nullable [] getParameterValues(String name) {
        parsing();
        return super.getParameterValues(name);
    }

    @Override
    public Collection<Part> getParts() throws IOException, ServletException {
        parsing();
        return super.getParts();
    }

    @Override
    public @Nullable Part getPart(String name) throws IOException, ServletException {
        parsing();
        return super.getPart(name);
    }

    /** Of what the handler has read by now, or if it has read nothing, of the whole body. */
    Fingerprint fingerprint() {
        try {
            if ((body == null || parsed) && isForm(FORM)) {
                Fingerprint form = formFingerprint();
                return isRest(bodyFingerprint()) ? bodyFingerprint() : form;
            }
            if ((body == null || parsed) && isForm(MULTIPART)) {
                return multipartFingerprint();
            }
            return bodyFingerprint();
        } catch (IOException | RuntimeException e) {
            // What cannot be read now, the handler has not read either.
            return fingerprintOfWhatWasRead();
        }
    }

    /** The same, where nothing more can be read. */
    Fingerprint fingerprintOfWhatWasRead() {
        return body == null
                ? new Fingerprint(head(), Fingerprint.Kind.BEGINNING, 0, Digests.sha256(""))
                : body.fingerprint(head());
    }

    private Fingerprint multipartFingerprint() throws IOException {
        Fingerprint parts;
        try {
            parts = partsFingerprint();
        } catch (ServletException | IllegalStateException e) {
            // No multipart configuration, or too large for it: nobody has read it that way.
            return bodyFingerprint();
        }
        return isRest(bodyFingerprint()) ? bodyFingerprint() : parts;
    }

    /** Whether the container has left the body to be read: a form of a method that has none for it, say. */
    private static boolean isRest(Fingerprint read) {
        return read.length() > 0;
    }

    private Fingerprint bodyFingerprint() throws IOException {
        RequestBodyDigest read = body();
        try {
            read.drain();
        } catch (IOException e) {
            // Its handler did not want more of it than there was.
            return read.fingerprint(head());
        }
        return read.fingerprint(head());
    }

    /** Whether this request is the one that {@code known} was taken of. Reads the body. */
    boolean matches(Fingerprint known) throws IOException {
        if (!known.head().equals(head())) {
            return false;
        }
        return switch (known.kind()) {
            case FORM -> isForm(FORM) && formFingerprint().equals(known);
            case PARTS -> isForm(MULTIPART) && matchesParts(known);
            case WHOLE -> bodyFingerprint().equals(known);
            case BEGINNING -> {
                RequestBodyDigest read = body();
                read.readAtMost(known.length());
                Fingerprint beginning = read.fingerprint(head());
                yield beginning.length() == known.length() && beginning.body().equals(known.body());
            }
        };
    }

    private boolean matchesParts(Fingerprint known) throws IOException {
        try {
            return partsFingerprint().equals(known);
        } catch (ServletException | IllegalStateException e) {
            return false;
        }
    }

    private boolean isForm(String mediaType) {
        String type = getContentType();
        return type != null && type.trim().toLowerCase(Locale.ROOT).startsWith(mediaType);
    }

    private String head() {
        String query = getQueryString();
        MessageDigest digest = Digests.newSha256();
        Digests.update(digest, getMethod());
        Digests.update(digest, query == null ? getRequestURI() : getRequestURI() + '?' + query);
        return Digests.text(digest.digest());
    }

    private Fingerprint formFingerprint() {
        MessageDigest digest = Digests.newSha256();
        for (Map.Entry<String, String[]> parameter : new TreeMap<>(getParameterMap()).entrySet()) {
            Digests.update(digest, parameter.getKey());
            Digests.update(digest, String.valueOf(parameter.getValue().length));
            for (String value : parameter.getValue()) {
                Digests.update(digest, value);
            }
        }
        return new Fingerprint(head(), Fingerprint.Kind.FORM, 0, Digests.text(digest.digest()));
    }

    private Fingerprint partsFingerprint() throws IOException, ServletException {
        MessageDigest digest = Digests.newSha256();
        for (Part part : getParts()) {
            Digests.update(digest, part.getName());
            Digests.update(digest, Objects.requireNonNullElse(part.getSubmittedFileName(), ""));
            Digests.update(digest, String.valueOf(part.getSize()));
            try (InputStream content = part.getInputStream()) {
                byte[] bytes = new byte[4096];
                for (int read = content.read(bytes); read >= 0; read = content.read(bytes)) {
                    digest.update(bytes, 0, read);
                }
            }
        }
        return new Fingerprint(head(), Fingerprint.Kind.PARTS, 0, Digests.text(digest.digest()));
    }

    /** From now on it cannot go async. */
    void refuseAsync() {
        asyncSupported = false;
    }

    /** Whether it was to go async all the same. */
    boolean wasAsyncRefused() {
        return asyncRefused;
    }

    @Override
    public boolean isAsyncSupported() {
        return asyncSupported && super.isAsyncSupported();
    }

    @Override
    public AsyncContext startAsync() {
        KeyedExchange current = Objects.requireNonNull(exchange);
        return startAsync(this, current.response());
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
        if (!asyncSupported) {
            asyncRefused = true;
            throw new IllegalStateException(
                    "A request with an Idempotency-Key that is kept in the transaction of its handler"
                            + " cannot go async: the transaction is of this thread only");
        }
        KeyedExchange current = Objects.requireNonNull(exchange);
        AsyncContext started = super.startAsync(request, response);
        current.startedAsync();
        started.addListener(current);
        return new KeyedAsyncContext(started, current);
    }

    @Override
    public AsyncContext getAsyncContext() {
        return new KeyedAsyncContext(super.getAsyncContext(), Objects.requireNonNull(exchange));
    }
}
