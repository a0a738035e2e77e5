package io.multistatus.format.multipart;

import io.multistatus.format.RequestLine;
import io.multistatus.model.BatchBuilder;
import io.multistatus.model.BatchException;
import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request in a part of type {@code application/http} (RFC 9112, sections 2 and 10.2), as clients write it.
 *
 * <pre>
 *   request := *line-break method SP url [SP "HTTP/" digit "." digit] line-break *(field line-break) [line-break body]
 * </pre>
 *
 * The body is what Content-Length says, and that may leave nothing out but line breaks; without one it is all that there
 * is. Immutable.
 *
 * @param headers without Content-Length, which has been checked
 * @param body null for none
 */
record HttpPart(
        String method,
        String url,
        Headers headers,
        @Nullable ByteBuffer body) {
    private static final Pattern REQUEST_LINE = Pattern.compile("([^ ]+) +([^ ]+)(?: +HTTP/\\d(?:\\.\\d)?)? *");
    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

    /** Line breaks behind these belong to the part and not to the request. */
    private static final Set<String> MOSTLY_WITHOUT_BODY = Set.of("GET", "HEAD", "DELETE", "OPTIONS");

    /**
     * Reads it.
     *
     * @param content as {@link MultipartInput#content} has it
     * @param batch has the room for its fields
     * @throws MalformedPartException if it is no request; with its own Content-ID if that could be read
     * @throws BatchException 503 if there is no room
     */
    static HttpPart parse(ByteBuffer content, BatchBuilder batch) throws MalformedPartException, BatchException {
        Cursor cursor = new Cursor(content);
        String line = cursor.next();
        while (line != null && line.isEmpty()) {
            line = cursor.next();
        }
        if (line == null) {
            throw new MalformedPartException("the part is empty; a request line is expected: GET /path HTTP/1.1");
        }
        Matcher words = REQUEST_LINE.matcher(line);
        if (!words.matches()) {
            throw new MalformedPartException(
                    "the part does not begin with a request line, such as GET /path HTTP/1.1, but" + " with "
                            + Problem.quote(withoutQuery(line)));
        }
        Headers fields;
        try {
            fields = FieldLines.read(cursor::next, batch);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
        Optional<String> refusal = RequestLine.refusal(words.group(1));
        if (refusal.isPresent()) {
            throw new MalformedPartException(Problem.malformedRequest(refusal.get()), PartHead.id(fields));
        }
        String method = RequestLine.normalize(words.group(1));
        ByteBuffer body = body(method, fields, cursor);
        // A body is a view of all that there is.
        batch.reserve(body == null ? 0 : content.capacity() - body.capacity());
        // No URL has such characters, but the id of an item that it begins with may.
        String url = Utf8Text.of(words.group(2)).orElse(words.group(2));
        return new HttpPart(method, url, fields.without("Content-Length"::equalsIgnoreCase), body);
    }

    private static String withoutQuery(String line) {
        int query = line.indexOf('?');
        return query < 0 ? line : line.substring(0, query);
    }

    private static @Nullable ByteBuffer body(String method, Headers fields, Cursor rest) throws MalformedPartException {
        List<String> lengths = fields.all("Content-Length");
        if (lengths.isEmpty()) {
            boolean nothing = rest.length() == 0 || (MOSTLY_WITHOUT_BODY.contains(method) && rest.isLineBreaks(0));
            return nothing ? null : rest.bytes(rest.length());
        }
        String written = lengths.get(0);
        long length = LENGTH.matcher(written).matches() && lengths.stream().allMatch(written::equals)
                ? Long.parseLong(written)
                : -1;
        // The line break before the delimiter may have been meant as part of the body.
        if (length < 0 || length > rest.lengthWithLineBreak() || !rest.isLineBreaks((int) length)) {
            throw new MalformedPartException(
                    Problem.malformedRequest("Content-Length is " + Problem.quote(String.join(", ", lengths))
                            + ", but the body has " + rest.length() + " bytes"),
                    PartHead.id(fields));
        }
        return rest.bytes((int) length);
    }

    /** Lines, and then bytes. */
    private static final class Cursor {
        private final ByteBuffer bytes;
        private final int end;
        private int at;

        Cursor(ByteBuffer content) {
            this.bytes = content.duplicate().clear();
            this.end = content.limit();
        }

        @Nullable
        String next() {
            if (at == end) {
                return null;
            }
            int begin = at;
            int lineEnd = at;
            while (lineEnd < end && bytes.get(lineEnd) != '\n') {
                lineEnd++;
            }
            at = Math.min(lineEnd + 1, end);
            if (lineEnd < end && lineEnd > begin && bytes.get(lineEnd - 1) == '\r') {
                lineEnd--;
            }
            byte[] line = new byte[lineEnd - begin];
            bytes.get(begin, line);
            return new String(line, StandardCharsets.ISO_8859_1);
        }

        int length() {
            return end - at;
        }

        int lengthWithLineBreak() {
            return bytes.capacity() - at;
        }

        boolean isLineBreaks(int from) {
            for (int i = at + from; i < end; i++) {
                if (bytes.get(i) != '\r' && bytes.get(i) != '\n') {
                    return false;
                }
            }
            return true;
        }

        ByteBuffer bytes(int length) {
            return bytes.slice(at, length);
        }
    }
}
