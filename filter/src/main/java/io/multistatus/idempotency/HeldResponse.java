package io.multistatus.idempotency;

import io.multistatus.model.Headers;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds back the answer to a request until it has been stored, so that nobody has one that is not. One that is longer than what
 * is kept goes through, and so does one that is written without blocking. Not thread-safe, as any response.
 */
final class HeldResponse extends CommittedResponse {
    private static final byte[] NO_BYTES = {};
    private static final String CONTENT_LANGUAGE = "Content-Language";
    /** Cookies are for whom they were set; the type is added for all, the length follows from the body. */
    private static final Set<String> NOT_KEPT = Set.of("set-cookie", "set-cookie2", "content-type", "content-length");

    private final HttpServletResponse target;
    private final int maxBytes;
    /** How much is held back: what is longer than what is kept, too, if nobody may have it before its request is committed. */
    private final int maxHeldBytes;
    /** What filters in front have set: they will set it again. */
    private final Map<String, List<String>> before = new HashMap<>();

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final StringBuilder characters = new StringBuilder();
    private @Nullable HeldStream stream;
    private @Nullable PrintWriter writer;
    private StoredAnswer.Kind kind = StoredAnswer.Kind.WRITTEN;
    private int status;
    private int endStatus;
    private @Nullable String text;
    private @Nullable Locale locale;
    private boolean flushed;
    private boolean closed;
    private boolean sent;
    private boolean attended = true;

    /**
     * @param maxBytes how long a body may be to be kept
     * @param maxHeldBytes how long it may be to be held back
     */
    HeldResponse(HttpServletResponse response, int maxBytes, int maxHeldBytes) {
        super(response);
        this.target = response;
        this.maxBytes = maxBytes;
        this.maxHeldBytes = maxHeldBytes;
        this.status = response.getStatus();
        for (String name : response.getHeaderNames()) {
            before.put(name, List.copyOf(response.getHeaders(name)));
        }
    }

    /** For those who look inside: a container also puts something around it for a while and looks for that. */
    @Override
    public ServletResponse getResponse() {
        ServletResponse inner = super.getResponse();
        return inner == target ? TomcatResponses.opaque(target) : inner;
    }

    int status() {
        return hasEnded() ? endStatus : status;
    }

    private boolean hasEnded() {
        return kind == StoredAnswer.Kind.ERROR || kind == StoredAnswer.Kind.REDIRECT;
    }

    /**
     * Whether the filter will be there when the dispatch that is to come is over. As long as nobody knows that, nothing is held.
     */
    void attended(boolean isAttended) {
        attended = isAttended;
    }

    boolean isAttended() {
        return attended;
    }

    /** What has been answered, now that nothing more will be. */
    StoredAnswer answer() {
        Headers.Builder headers = Headers.builder();
        // Some containers name a repeated field more than once.
        for (String name : new LinkedHashSet<>(getHeaderNames())) {
            List<String> values = List.copyOf(getHeaders(name));
            if (!values.equals(before.get(name)) && !NOT_KEPT.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> headers.add(name, value));
            }
        }
        // Tomcat has it elsewhere.
        String type = getContentType();
        if (type != null) {
            headers.add("Content-Type", type);
        }
        if (locale != null && getHeader(CONTENT_LANGUAGE) == null) {
            // The same.
            headers.add(CONTENT_LANGUAGE, locale.toLanguageTag());
        }
        byte[] body = body();
        return body.length > maxBytes
                ? new StoredAnswer(StoredAnswer.Kind.TOO_LONG, status(), null, headers.build(), NO_BYTES)
                : new StoredAnswer(kind, status(), text, headers.build(), body);
    }

    private byte[] body() {
        if (kind != StoredAnswer.Kind.WRITTEN) {
            return NO_BYTES;
        }
        if (writer == null) {
            return bytes.toByteArray();
        }
        return characters.toString().getBytes(Charset.forName(getCharacterEncoding()));
    }

    /** Lets the answer go, if it has not gone yet. */
    void send() throws IOException {
        if (sent) {
            return;
        }
        sent = true;
        switch (kind) {
            case ERROR -> super.sendError(endStatus, text);
            case REDIRECT -> super.sendRedirect(text);
            case WRITTEN -> {
                letGo();
                if (flushed) {
                    super.flushBuffer();
                }
            }
            case TOO_LONG -> {
                // It has gone.
            }
        }
    }

    private void letGo() throws IOException {
        if (writer != null) {
            PrintWriter target = super.getWriter();
            target.append(characters);
        } else if (bytes.size() > 0) {
            bytes.writeTo(super.getOutputStream());
        }
    }

    /** From now on nothing is held. */
    private void giveUpHolding() throws IOException {
        letGo();
        kind = StoredAnswer.Kind.TOO_LONG;
        bytes.reset();
        characters.setLength(0);
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        if (writer != null) {
            throw new IllegalStateException("getWriter() has been called for this response");
        }
        if (stream == null) {
            stream = new HeldStream();
        }
        return stream;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        if (stream != null) {
            throw new IllegalStateException("getOutputStream() has been called for this response");
        }
        if (writer == null) {
            // The container settles the charset now.
            PrintWriter unused = super.getWriter();
            writer = new PrintWriter(new HeldWriter());
        }
        return writer;
    }

    @Override
    public void sendError(int status, @Nullable String message) throws IOException {
        end(StoredAnswer.Kind.ERROR, status, message);
    }

    @Override
    public void sendError(int status) throws IOException {
        end(StoredAnswer.Kind.ERROR, status, null);
    }

    @Override
    public void sendRedirect(String location) throws IOException {
        end(StoredAnswer.Kind.REDIRECT, SC_FOUND, location);
    }

    /** Part of the interface from Servlet 6.1 on. */
    @SuppressWarnings("MissingOverride")
    public void sendRedirect(String location, int status, boolean clearBuffer) throws IOException {
        if (isCommitted()) {
            throw new IllegalStateException("the response has been committed");
        }
        if (clearBuffer) {
            resetBuffer();
        }
        setStatus(status);
        setHeader("Location", location);
        closed = true;
        flushBuffer();
    }

    private void end(StoredAnswer.Kind newKind, int status, @Nullable String newText) throws IOException {
        resetBuffer();
        kind = newKind;
        endStatus = status;
        text = newText;
        if (!attended || !KeyedExchange.isKept(status)) {
            // Maybe by the container, which then does not ask for what is held.
            send();
        }
    }

    @Override
    public void setLocale(Locale newLocale) {
        if (!isCommitted()) {
            locale = newLocale;
            super.setLocale(newLocale);
        }
    }

    @Override
    public void setStatus(int newStatus) {
        if (!isCommitted()) {
            super.setStatus(newStatus);
            // Not if this is an include. Where the item has been given up, the container does not hear of it any more.
            status = super.isCommitted() ? newStatus : super.getStatus();
        }
    }

    @Override
    public int getStatus() {
        return status();
    }

    @Override
    public boolean isCommitted() {
        return flushed || hasEnded() || (kind == StoredAnswer.Kind.TOO_LONG && super.isCommitted());
    }

    @Override
    public void flushBuffer() throws IOException {
        flushed = true;
        if (kind == StoredAnswer.Kind.WRITTEN && !attended) {
            giveUpHolding();
        }
        if (kind == StoredAnswer.Kind.TOO_LONG) {
            super.flushBuffer();
        }
    }

    @Override
    public void resetBuffer() {
        if (isCommitted()) {
            throw new IllegalStateException("the response has been committed");
        }
        bytes.reset();
        characters.setLength(0);
        super.resetBuffer();
    }

    @Override
    public void reset() {
        resetBuffer();
        stream = null;
        writer = null;
        locale = null;
        super.reset();
        status = super.getStatus();
    }

    private final class HeldStream extends ServletOutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] more, int offset, int length) throws IOException {
            if (closed || hasEnded()) {
                return;
            }
            if (kind == StoredAnswer.Kind.WRITTEN && (!attended || bytes.size() + (long) length > maxHeldBytes)) {
                giveUpHolding();
            }
            if (kind == StoredAnswer.Kind.TOO_LONG) {
                HeldResponse.super.getOutputStream().write(more, offset, length);
            } else {
                bytes.write(more, offset, length);
            }
        }

        @Override
        public void flush() throws IOException {
            if (kind == StoredAnswer.Kind.TOO_LONG) {
                HeldResponse.super.getOutputStream().flush();
            } else {
                flushBuffer();
            }
        }

        @Override
        public void close() throws IOException {
            flush();
        }

        @Override
        public boolean isReady() {
            try {
                return kind != StoredAnswer.Kind.TOO_LONG
                        || HeldResponse.super.getOutputStream().isReady();
            } catch (IOException e) {
                throw new IllegalStateException("the container has no stream any more", e);
            }
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            try {
                giveUpHolding();
                HeldResponse.super.getOutputStream().setWriteListener(listener);
            } catch (IOException e) {
                throw new IllegalStateException("the container has no stream any more", e);
            }
        }
    }

    private final class HeldWriter extends Writer {
        @Override
        public void write(char[] more, int offset, int length) throws IOException {
            if (closed || hasEnded()) {
                return;
            }
            if (kind == StoredAnswer.Kind.WRITTEN
                    && (!attended || characters.length() + (long) length > maxHeldBytes)) {
                giveUpHolding();
            }
            if (kind == StoredAnswer.Kind.TOO_LONG) {
                HeldResponse.super.getWriter().write(more, offset, length);
            } else {
                characters.append(more, offset, length);
            }
        }

        @Override
        public void flush() throws IOException {
            if (kind == StoredAnswer.Kind.TOO_LONG) {
                HeldResponse.super.getWriter().flush();
            } else {
                flushBuffer();
            }
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
