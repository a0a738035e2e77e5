package io.multistatus.format.multipart;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lines and parts of a multipart body (RFC 2046, section 5.1.1), read as they come: at no time is more in memory than
 * the part at hand. Multiparts may stand within each other. Not thread-safe.
 *
 * <pre>
 *   multipart   := [preamble line-break] delimiter *(part delimiter) close [line-break epilogue]
 *   delimiter   := "--" boundary *(SP / HTAB) line-break      at the beginning of a line
 *   close       := "--" boundary "--" *(SP / HTAB) (line-break / end)
 *   line-break  := CRLF / LF                                  the one before a delimiter belongs to the delimiter
 * </pre>
 */
final class MultipartInput {
    private static final int INITIAL_CAPACITY = 8192;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    /**
     * A line that ends a part.
     *
     * @param depth of which multipart: 0 for the outermost
     * @param closes whether nothing of that multipart follows
     */
    record Delimiter(int depth, boolean closes) {}

    private static final int NOTHING = Integer.MAX_VALUE;

    private final InputStream source;
    private final List<byte[]> dashBoundaries = new ArrayList<>();
    private byte[] buffer = new byte[INITIAL_CAPACITY];
    private int filled;
    private boolean ended;
    /** What stands before it is not needed any more, nor what stands before the line at hand. */
    private int keptFrom = NOTHING;

    /** The line at hand, with its line break if it has one; empty at the end and at first. */
    private int lineBegin;

    private int lineEnd;
    private boolean begun;
    private @Nullable Delimiter delimiter;

    /** Reads {@code source}, and does not close it. */
    MultipartInput(InputStream source) {
        this.source = source;
    }

    /** From the line at hand on, lines of this boundary are delimiters, and those of the multiparts around. */
    void enter(String boundary) throws IOException {
        dashBoundaries.add(("--" + boundary).getBytes(StandardCharsets.ISO_8859_1));
        if (!begun) {
            begun = true;
            nextLine();
        }
        delimiter = delimiterAtHand();
    }

    /** Lines of the innermost boundary are no delimiters any more. */
    void leave() {
        dashBoundaries.remove(dashBoundaries.size() - 1);
        delimiter = delimiterAtHand();
    }

    /** How many multiparts there are around the line at hand. */
    int depth() {
        return dashBoundaries.size();
    }

    /** The delimiter at hand, if it is one; null at the end of it all. */
    @Nullable
    Delimiter delimiter() {
        return delimiter;
    }

    /** Goes on behind the line at hand. */
    void nextLine() throws IOException {
        lineBegin = lineEnd;
        int scanned = 0;
        do {
            for (int i = lineBegin + scanned; i < filled; i++) {
                if (buffer[i] == '\n') {
                    lineEnd = i + 1;
                    delimiter = delimiterAtHand();
                    return;
                }
            }
            scanned = filled - lineBegin;
        } while (fill());
        lineEnd = filled;
        delimiter = delimiterAtHand();
    }

    /** The next line of a head, in Latin-1 and without its line break; null before a delimiter and at the end. */
    @Nullable
    String headLine() throws IOException {
        if (!isContent()) {
            return null;
        }
        int end = withoutLineBreak(lineBegin, lineEnd);
        String line = new String(buffer, lineBegin, end - lineBegin, StandardCharsets.ISO_8859_1);
        nextLine();
        return line;
    }

    /**
     * Everything up to the next delimiter, or the end. The line break that belongs to the delimiter is behind the buffer's
     * limit, up to its capacity.
     */
    ByteBuffer content() throws IOException {
        keptFrom = lineBegin;
        skipContent();
        byte[] bytes = Arrays.copyOfRange(buffer, keptFrom, lineBegin);
        int length = withoutLineBreak(keptFrom, lineBegin) - keptFrom;
        keptFrom = NOTHING;
        return ByteBuffer.wrap(bytes, 0, length);
    }

    /** Goes on to the next delimiter, or the end. */
    void skipContent() throws IOException {
        while (isContent()) {
            nextLine();
        }
    }

    /** What may stand before the first part. */
    enum Preamble {
        NOTHING,
        TEXT,
        /** With a line that was meant as a delimiter, it seems: the part behind it would go unseen. */
        BROKEN_DELIMITER
    }

    /** As {@link #skipContent}, for what belongs to no part. */
    Preamble skipPreamble() throws IOException {
        Preamble preamble = Preamble.NOTHING;
        while (isContent()) {
            if (isBrokenDelimiter()) {
                preamble = Preamble.BROKEN_DELIMITER;
            } else if (preamble == Preamble.NOTHING && !isBlank(lineBegin, lineEnd)) {
                preamble = Preamble.TEXT;
            }
            nextLine();
        }
        return preamble;
    }

    /** Whether something is before the innermost boundary or behind it that must not be there, such as a byte order mark. */
    private boolean isBrokenDelimiter() {
        byte[] dashBoundary = dashBoundaries.get(dashBoundaries.size() - 1);
        int from = lineBegin;
        if (startsWith(BYTE_ORDER_MARK, from)) {
            from += BYTE_ORDER_MARK.length;
        }
        while (from < lineEnd && (buffer[from] == ' ' || buffer[from] == '\t')) {
            from++;
        }
        return startsWith(dashBoundary, from);
    }

    private boolean startsWith(byte[] begin, int from) {
        int end = from + begin.length;
        return end <= lineEnd && Arrays.equals(buffer, from, end, begin, 0, begin.length);
    }

    /** Reads what is left, for nothing. */
    void skipToEnd() throws IOException {
        while (lineBegin < lineEnd) {
            nextLine();
        }
    }

    private boolean isContent() {
        return delimiter == null && lineBegin < lineEnd;
    }

    private boolean fill() throws IOException {
        if (ended) {
            return false;
        }
        if (filled == buffer.length) {
            makeRoom();
        }
        int count = source.read(buffer, filled, buffer.length - filled);
        ended = count < 0;
        filled += Math.max(count, 0);
        return !ended;
    }

    private void makeRoom() {
        int from = Math.min(keptFrom, lineBegin);
        int kept = filled - from;
        byte[] roomy = kept > buffer.length / 2 ? new byte[Math.multiplyExact(buffer.length, 2)] : buffer;
        System.arraycopy(buffer, from, roomy, 0, kept);
        buffer = roomy;
        filled = kept;
        lineBegin -= from;
        keptFrom = keptFrom == NOTHING ? NOTHING : keptFrom - from;
    }

    private @Nullable Delimiter delimiterAtHand() {
        for (int depth = dashBoundaries.size() - 1; depth >= 0; depth--) {
            byte[] dashBoundary = dashBoundaries.get(depth);
            int end = lineBegin + dashBoundary.length;
            if (startsWith(dashBoundary, lineBegin)) {
                if (isBlank(end, lineEnd)) {
                    return new Delimiter(depth, false);
                }
                if (end + 2 <= lineEnd && buffer[end] == '-' && buffer[end + 1] == '-' && isBlank(end + 2, lineEnd)) {
                    return new Delimiter(depth, true);
                }
            }
        }
        return null;
    }

    private boolean isBlank(int from, int to) {
        int end = withoutLineBreak(from, to);
        for (int i = from; i < end; i++) {
            if (buffer[i] != ' ' && buffer[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    private int withoutLineBreak(int from, int to) {
        int end = to;
        if (end > from && buffer[end - 1] == '\n') {
            end--;
            if (end > from && buffer[end - 1] == '\r') {
                end--;
            }
        }
        return end;
    }
}
