package io.multistatus.equivalence;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How an answer looks to a client, as text: two answers are the same if and only if they look the same, and where they
 * do not, the difference can be read. Left out is what contract 4.3 keeps out of envelopes; what is random by nature
 * (session ids, boundaries, object ids) or belongs to the connection (the client's port) is given one name.
 */
public final class Appearance {
    /** Out of every envelope: hop-by-hop (RFC 9110, section 7.6.1) and contract 4.3. */
    private static final Set<String> LEFT_OUT = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "content-length",
            "date",
            "server",
            "strict-transport-security",
            "set-cookie");

    private static final String CUT_OFF = "the host cut the answer off";
    private static final Pattern SESSION_ID =
            Pattern.compile("(?i)(jsessionid=|requestedSessionId: |cookie JSESSIONID: )[\\w.!-]{16,}");
    /** What {@link Object#toString()} adds to the name of an exception that has found its way into an error page. */
    private static final Pattern OBJECT_ID = Pattern.compile("(Exception@)[0-9a-f]+");

    private static final Pattern BYTE_RANGES = Pattern.compile("multipart/byteranges.*boundary=\"?([^\";]+)");
    private static final int LONGEST_SHOWN = 8_192;

    private Appearance() {}

    /** An answer over the wire. */
    public static String of(HttpAnswer wire) {
        return of(wire, new ItemBody(ItemBody.Encoding.BASE64, wire.body()));
    }

    /** An answer over the wire, its body said in the encoding that an envelope has chosen for it. */
    public static String of(HttpAnswer wire, ItemBody like) {
        return of(wire, like, UnaryOperator.identity());
    }

    /** The same, the body's text without what {@code leftOut} takes from it. */
    public static String of(HttpAnswer wire, ItemBody like, UnaryOperator<String> leftOut) {
        if (wire.broken() != null) {
            return CUT_OFF;
        }
        Map<String, String> headers = new TreeMap<>(wire.fields().stream()
                .collect(
                        Collectors.groupingBy(Field::key, Collectors.mapping(Field::value, Collectors.joining(", ")))));
        Optional<byte[]> body =
                like.sameEncodingOf(wire.body(), wire.first("Content-Type").orElse(""));
        if (body.isEmpty()) {
            return "a body that cannot be said as " + like.encoding() + " without loss";
        }
        return render(wire.status(), headers, body.get(), wire.clientPort(), leftOut);
    }

    /** An item's answer in an envelope that was asked for from that port. */
    public static String of(ItemAnswer item, int clientPort) {
        return of(item, clientPort, UnaryOperator.identity());
    }

    /** The same, the body's text without what {@code leftOut} takes from it. */
    public static String of(ItemAnswer item, int clientPort, UnaryOperator<String> leftOut) {
        if (item.aborted()) {
            return CUT_OFF;
        }
        Map<String, String> headers = new TreeMap<>();
        item.headers()
                .forEach((name, value) -> headers.merge(new Field(name, value).key(), value, (a, b) -> a + ", " + b));
        return render(item.status(), headers, item.body().bytes(), clientPort, leftOut);
    }

    /** The cookies that a response sets. */
    public static List<String> cookies(HttpAnswer answer) {
        return answer.all("Set-Cookie").stream()
                .map(cookie -> SESSION_ID.matcher(cookie).replaceAll("$1*"))
                .toList();
    }

    private static String render(
            int status, Map<String, String> headers, byte[] body, int clientPort, UnaryOperator<String> leftOut) {
        StringBuilder head = new StringBuilder("status " + status + "\n");
        headers.forEach((name, value) -> {
            if (!LEFT_OUT.contains(name)) {
                head.append(name).append(": ").append(value).append('\n');
            }
        });
        // A character a byte, so that no charset comes between.
        String text = leftOut.apply(new String(body, StandardCharsets.ISO_8859_1))
                .replace("remotePort: " + clientPort, "remotePort: *");
        String fixed =
                OBJECT_ID.matcher(SESSION_ID.matcher(text).replaceAll("$1*")).replaceAll("$1*");
        String all = SESSION_ID.matcher(head).replaceAll("$1*") + "\n"
                + (fixed.length() > LONGEST_SHOWN ? digest(fixed) : fixed);
        Matcher boundary = BYTE_RANGES.matcher(headers.getOrDefault("content-type", ""));
        return boundary.find() ? all.replace(boundary.group(1), "*") : all;
    }

    private static String digest(String body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] hash = digest.digest(body.getBytes(StandardCharsets.ISO_8859_1));
            return body.length() + " bytes, SHA-256 " + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
