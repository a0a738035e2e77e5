package io.multistatus.dispatch.tomcat;

import io.multistatus.model.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.catalina.Globals;
import org.apache.coyote.Request;
import org.apache.coyote.http11.Http11InputBuffer;
import org.apache.tomcat.util.buf.ByteChunk;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.http.MimeHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of the outer request as the client sent them. Valves may have changed those that the request has now:
 * a RemoteIpValve takes {@code X-Forwarded-For} away, and without it the items would seem to come from the proxy.
 *
 * <p>The header of an HTTP/1.1 request still stands in its connection's buffer: Tomcat reads bodies to the place behind
 * it. The parser has moved each value to the left, right behind its colon, and left as many characters at its end as
 * there was white space before it. Fields that nobody has touched know how long their value is; for the others, the white
 * space is taken to be that of all the rest, and what comes of it must have the address in it that the valve took from it.
 */
final class OuterFields {
    private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

    private final ByteBuffer sent;
    private int position;

    private OuterFields(ByteBuffer sent) {
        this.sent = sent;
    }

    /**
     * Empty if there is no telling what the client sent, so that no item could be what it would be alone.
     *
     * @param item whether it is an item itself, which will be refused whatever it says
     */
    static Optional<Headers> of(org.apache.catalina.connector.Request outer, boolean item) {
        Request request = outer.getCoyoteRequest();
        MimeHeaders fields = request.getMimeHeaders();
        if (request.getInputBuffer() instanceof Http11InputBuffer input) {
            ByteBuffer whole = input.getByteBuffer().duplicate().clear();
            return new OuterFields(whole).read(outer.getMethod(), fields, outer.getRemoteAddr());
        }
        boolean rewritten = Boolean.TRUE.equals(outer.getAttribute(Globals.REQUEST_FORWARDED_ATTRIBUTE));
        return rewritten && !item ? Optional.empty() : Optional.of(asTheyAre(fields));
    }

    private static Headers asTheyAre(MimeHeaders fields) {
        Headers.Builder headers = Headers.builder();
        for (int i = 0; i < fields.size(); i++) {
            String value = fields.getValue(i).toString();
            headers.add(fields.getName(i).toString(), value == null ? "" : value);
        }
        return headers.build();
    }

    private Optional<Headers> read(String method, MimeHeaders fields, String remoteAddr) {
        while (position < sent.limit() && (sent.get(position) == '\r' || sent.get(position) == '\n')) {
            position++;
        }
        if (!nextLine().text().startsWith(method + " ")) {
            return Optional.empty();
        }
        List<Line> lines = new ArrayList<>();
        for (Line line = nextLine(); !line.text().isEmpty(); line = nextLine()) {
            if (line.colon() <= 0 || line.text().charAt(0) == ' ' || line.text().charAt(0) == '\t') {
                // Folded lines have been unfolded where they stand.
                return Optional.empty();
            }
            lines.add(line);
        }
        return position > sent.limit() ? Optional.empty() : values(lines, untouched(fields), remoteAddr);
    }

    /** Up to the next line feed, without the line break; past the end of the buffer, nothing. */
    private Line nextLine() {
        int start = Math.min(position, sent.limit());
        int end = start;
        while (end < sent.limit() && sent.get(end) != '\n') {
            end++;
        }
        position = end + 1;
        return new Line(start, text(start, end > start && sent.get(end - 1) == '\r' ? end - 1 : end));
    }

    private String text(int start, int end) {
        byte[] bytes = new byte[end - start];
        sent.get(start, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Where the values begin that have been read from the buffer and not been changed, and how long they are. */
    private Map<Integer, Integer> untouched(MimeHeaders fields) {
        Map<Integer, Integer> lengths = new HashMap<>();
        for (int i = 0; i < fields.size(); i++) {
            MessageBytes value = fields.getValue(i);
            ByteChunk chunk = value.getByteChunk();
            if (chunk.getEnd() <= sent.limit()
                    && text(chunk.getStart(), chunk.getEnd()).equals(value.toString())) {
                lengths.put(chunk.getStart(), chunk.getLength());
            }
        }
        return lengths;
    }

    private static Optional<Headers> values(List<Line> lines, Map<Integer, Integer> untouched, String remoteAddr) {
        Headers.Builder headers = Headers.builder();
        Integer spaces = spaces(lines, untouched);
        for (Line line : lines) {
            Integer length = untouched.get(line.valueStart());
            String value = line.rawValue();
            if (length != null) {
                value = value.substring(0, length);
            } else if (spaces == null || !line.endsTwice(spaces)) {
                return Optional.empty();
            } else {
                value = value.substring(0, value.length() - spaces).strip();
                if (line.isOfAddresses() && !Arrays.asList(COMMA.split(value)).contains(remoteAddr)) {
                    return Optional.empty();
                }
            }
            headers.add(line.text().substring(0, line.colon()), value);
        }
        return Optional.of(headers.build());
    }

    /** How much white space there is around each value; null if not the same around all. */
    private static @Nullable Integer spaces(List<Line> lines, Map<Integer, Integer> untouched) {
        Integer common = null;
        for (Line line : lines) {
            Integer length = untouched.get(line.valueStart());
            if (length != null && length > 0) {
                int spaces = line.rawValue().length() - length;
                if (common != null && common != spaces) {
                    return null;
                }
                common = spaces;
            }
        }
        return common;
    }

    /** A line of the header. */
    private record Line(int start, String text) {
        int colon() {
            return text.indexOf(':');
        }

        int valueStart() {
            return start + colon() + 1;
        }

        /** Whether it is the field that a RemoteIpValve takes away by default. */
        boolean isOfAddresses() {
            return text.substring(0, colon()).equalsIgnoreCase("X-Forwarded-For");
        }

        String rawValue() {
            return text.substring(colon() + 1);
        }

        /** Whether the last {@code length} characters are what is left of moving the value by that much. */
        boolean endsTwice(int length) {
            String raw = rawValue();
            int moved = raw.length() - length;
            return moved >= 0 && (moved < length || raw.regionMatches(moved - length, raw, moved, length));
        }
    }
}
