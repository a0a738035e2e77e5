package io.multistatus;

import io.multistatus.wire.HeaderNamePatterns;
import io.multistatus.wire.PathPatterns;
import java.net.URI;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What values may look like, where that takes more than a range. Each rule returns the value in the form it is used in,
 * or refuses it by an {@link IllegalArgumentException} whose message says what is allowed.
 */
final class ConfigRules {
    /** The path characters of RFC 3986 (section 3.3, pchar) less those that mean something in patterns or parameters. */
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~!$&'()+,=:@-]+)+");

    private static final Pattern DOT_SEGMENT = Pattern.compile("/\\.\\.?(/|$)");

    /** RFC 6454, section 6.2, in lower case. */
    private static final Pattern ORIGIN = Pattern.compile(
            "(?<scheme>[a-z][a-z0-9+.-]*)://(?<host>[a-z0-9._-]+|\\[[0-9a-f:.]+])(:(?<port>[0-9]{1,5}))?");

    /** Fields that say where a message ends or whom it is for: the dispatcher sets them itself. */
    private static final List<String> FRAMING = List.of(
            "Host",
            "Content-Length",
            "Transfer-Encoding",
            "Connection",
            "Keep-Alive",
            "Proxy-Connection",
            "TE",
            "Trailer",
            "Upgrade",
            "Expect");

    private static final Pattern HTTP_ORIGIN = Pattern.compile(
            "https?://([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:(?<port>[0-9]{1,5}))?/?", Pattern.CASE_INSENSITIVE);

    private ConfigRules() {}

    static String path(String path) {
        if (!PATH.matcher(path).matches() || DOT_SEGMENT.matcher(path).find()) {
            throw new IllegalArgumentException(
                    "a path is allowed that begins with '/', does not end with '/', has no empty"
                            + " or dot segments and none of '*', ';', '?', '#', '%' or other characters that a URL would encode");
        }
        return path;
    }

    static Pattern regularExpression(String expression) {
        if (expression.isBlank()) {
            throw new IllegalArgumentException("an empty expression would match everything; leave the key out instead");
        }
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "a regular expression is allowed, this is none: " + e.getDescription() + " near index "
                            + e.getIndex(),
                    e);
        }
    }

    static Set<String> origins(Collection<String> origins) {
        Set<String> normalised = new LinkedHashSet<>();
        for (String origin : origins) {
            normalised.add(origin(origin));
        }
        return normalised;
    }

    private static String origin(String origin) {
        if (origin.contains("*")) {
            throw new IllegalArgumentException(
                    "'" + origin + "' is not allowed, each origin must be named: a batch carries"
                            + " its user's cookies, so any web page could act in the user's name");
        }
        Matcher parts = ORIGIN.matcher(origin.toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            throw new IllegalArgumentException("'" + origin
                    + "' is no origin; https://host or https://host:port is, without a path or a final '/'");
        }
        String address = parts.group("scheme") + "://" + parts.group("host");
        String port = parts.group("port");
        if (port == null) {
            return address;
        }
        int number = Integer.parseInt(port);
        if (number < 1 || number > 65535) {
            throw new IllegalArgumentException("the port of '" + origin + "' is not one from 1 to 65535");
        }
        int usual = switch (parts.group("scheme")) {
            case "http" -> 80;
            case "https" -> 443;
            default -> 0;
        };
        return number == usual ? address : address + ":" + number;
    }

    /** The address of a server; the path is each item's own. */
    static URI loopbackUrl(String url) {
        Matcher parts = HTTP_ORIGIN.matcher(url);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "http://host:port or https://host:port is allowed, without user, path and"
                            + " query: those are each item's own");
        }
        if (parts.group("port") != null) {
            int port = Integer.parseInt(parts.group("port"));
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("the port must be one from 1 to 65535");
            }
        }
        return URI.create(url);
    }

    static HeaderNamePatterns allowedHeaders(Collection<String> names) {
        HeaderNamePatterns allowed = HeaderNamePatterns.of(names);
        for (String field : FRAMING) {
            if (allowed.matches(field)) {
                throw new IllegalArgumentException(
                        "this would allow " + field + ", which no item may set: the batch sets it itself");
            }
        }
        return allowed;
    }

    static PathPatterns allow(Collection<String> patterns) {
        if (patterns.isEmpty()) {
            throw new IllegalArgumentException("an empty list would refuse every item; leave the key out to allow all");
        }
        return PathPatterns.of(patterns);
    }

    /** A batch in a batch is refused whatever is configured; the key exists so that nobody has to wonder. */
    static String maxDepth(String depth) {
        if (!depth.equals("none")) {
            throw new IllegalArgumentException("only 'none' is allowed: a batch in a batch is always refused");
        }
        return depth;
    }

    /** 200 or 207. */
    static int odataStatus(int status) {
        if (status != 200 && status != 207) {
            throw new IllegalArgumentException("200 or 207 is allowed");
        }
        return status;
    }
}
