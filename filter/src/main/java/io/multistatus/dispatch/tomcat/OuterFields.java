package io.multistatus.dispatch.tomcat;

import io.multistatus.model.BatchException;
import io.multistatus.model.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
     * Reads them.
     *
     * @param item whether it is an item itself, which will be refused whatever it says
     * @throws BatchException if there is no telling what the client sent, so that no item could be what it would be alone
     */
    static Headers of(org.apache.catalina.connector.Request outer, boolean item) throws BatchException {
        Request request = outer.getCoyoteRequest();
        MimeHeaders fields = request.getMimeHeaders();
        if (request.getInputBuffer() instanceof Http11InputBuffer input) {
            ByteBuffer whole = input.getByteBuffer().duplicate().clear();
            return new OuterFields(whole).read(outer.getMethod(), fields, outer.getRemoteAddr());
        }
        boolean rewritten = Boolean.TRUE.equals(outer.getAttribute(Globals.REQUEST_FORWARDED_ATTRIBUTE));
        if (rewritten && !item) {
            throw TomcatDispatcherProvider.refusal("it came over HTTP/2 through a RemoteIpValve, which has changed the"
                    + " header fields, and Tomcat keeps no copy of those that the client sent");
        }
        return asTheyAre(fields);
    }

    private static Headers asTheyAre(MimeHeaders fields) {
        Headers.Builder headers = Headers.builder();
        for (int i = 0; i < fields.size(); i++) {
            String value = fields.getValue(i).toString();
            headers.add(fields.getName(i).toString(), value == null ? "" : value);
        }
        return headers.build();
    }

    private Headers read(String method, MimeHeaders fields, String remoteAddr) throws BatchException {
        while (position < sent.limit() && (sent.get(position) == '\r' || sent.get(position) == '\n')) {
            position++;
        }
        if (!nextLine().text().startsWith(method + " ")) {
            throw overwritten();
        }
        List<Line> lines = new ArrayList<>();
        for (Line line = nextLine(); !line.text().isEmpty(); line = nextLine()) {
            if (line.colon() <= 0 || line.text().charAt(0) == ' ' || line.text().charAt(0) == '\t') {
                // They have been unfolded where they stand.
                throw TomcatDispatcherProvider.refusal("its header has a field that is folded over several lines, which"
                        + " is obsolete (RFC 9112, section 5.2)");
            }
            lines.add(line);
        }
        if (position > sent.limit()) {
            throw overwritten();
        }
        return values(lines, untouched(fields), remoteAddr);
    }

    private static BatchException overwritten() {
        return TomcatDispatcherProvider.refusal("its header no longer stands in the connection's buffer");
    }

    private static BatchException changed(Line line) {
        return TomcatDispatcherProvider.refusal(
                "its header field " + line.name() + " has been changed on the way to the"
                        + " filter, and what the client sent cannot be told from what is left of it");
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

    private static Headers values(List<Line> lines, Map<Integer, Integer> untouched, String remoteAddr)
            throws BatchException {
        Headers.Builder headers = Headers.builder();
        Integer spaces = spaces(lines, untouched);
        for (Line line : lines) {
            Integer length = untouched.get(line.valueStart());
            String value = line.rawValue();
            if (length != null) {
                value = value.substring(0, length);
            } else if (spaces == null || !line.endsTwice(spaces)) {
                throw changed(line);
            } else {
                value = value.substring(0, value.length() - spaces).strip();
                if (line.isOfAddresses() && !Arrays.asList(COMMA.split(value)).contains(remoteAddr)) {
                    throw changed(line);
                }
            }
            headers.add(line.name(), value);
        }
        return headers.build();
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

        String name() {
            return text.substring(0, colon());
        }

        int valueStart() {
            return start + colon() + 1;
        }

        /** Whether it is the field that a RemoteIpValve takes away by default. */
        boolean isOfAddresses() {
            return name().equalsIgnoreCase("X-Forwarded-For");
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
