package io.multistatus.equivalence;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How an answer looks to a client, as text: two answers are the same if and only if they look the same, and where they
 * do not, the difference can be read. Left out is what contract 4.3 keeps out of envelopes; what is random by nature
 * (session ids, multipart boundaries) or belongs to the connection (the client's port) is given one name.
 */
final class Appearance {
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
    private static final Pattern SESSION_ID = Pattern.compile("(?i)(jsessionid=|requestedSessionId: )node[0-9][\\w.]*");
    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)");
    private static final int LONGEST_SHOWN = 8_192;

    private Appearance() {}

    /** An answer over the wire. */
    static String of(HttpAnswer wire) {
        return of(wire, new ItemBody(ItemBody.Encoding.BASE64, wire.body()));
    }

    /** An answer over the wire, its body said in the encoding that an envelope has chosen for it. */
    static String of(HttpAnswer wire, ItemBody like) {
        if (wire.broken() != null) {
            return CUT_OFF;
        }
        Map<String, String> headers = new TreeMap<>(wire.fields().stream()
                .collect(
                        Collectors.groupingBy(Field::key, Collectors.mapping(Field::value, Collectors.joining(", ")))));
        String contentType = wire.first("Content-Type").orElse("");
        String body = like.sameEncodingOf(wire.body(), contentType)
                .map(Appearance::show)
                .orElseGet(() -> "not to be said as " + like.encoding() + " without loss:\n" + show(wire.body()));
        return render(wire.status(), headers, body, wire.clientPort());
    }

    /** An item's answer in an envelope that was asked for from that port. */
    static String of(ItemAnswer item, int clientPort) {
        if (item.aborted()) {
            return CUT_OFF;
        }
        Map<String, String> headers = new TreeMap<>();
        item.headers()
                .forEach((name, value) -> headers.merge(new Field(name, value).key(), value, (a, b) -> a + ", " + b));
        return render(item.status(), headers, show(item.body().bytes()), clientPort);
    }

    /** The cookies that a response sets. */
    static List<String> cookies(HttpAnswer answer) {
        return answer.all("Set-Cookie").stream()
                .map(cookie -> SESSION_ID.matcher(cookie).replaceAll("$1*"))
                .toList();
    }

    private static String render(int status, Map<String, String> headers, String body, int clientPort) {
        StringBuilder all = new StringBuilder("status " + status + "\n");
        headers.forEach((name, value) -> {
            if (!LEFT_OUT.contains(name)) {
                all.append(name).append(": ").append(value).append('\n');
            }
        });
        all.append('\n').append(body);
        String text = SESSION_ID.matcher(all).replaceAll("$1*").replace("remotePort: " + clientPort, "remotePort: *");
        Matcher boundary = BOUNDARY.matcher(headers.getOrDefault("content-type", ""));
        return boundary.find() && !boundary.group(1).equals("fixed") ? text.replace(boundary.group(1), "*") : text;
    }

    /** Short bodies as they are (a character a byte), long ones by their digest. */
    private static String show(byte[] body) {
        if (body.length <= LONGEST_SHOWN) {
            return new String(body, StandardCharsets.ISO_8859_1);
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
            return body.length + " bytes, SHA-256 " + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
