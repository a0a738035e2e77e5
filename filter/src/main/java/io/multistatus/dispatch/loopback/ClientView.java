package io.multistatus.dispatch.loopback;

import io.multistatus.model.Headers;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who the client is and how it came, as the server made it out for the batch. To the server the items come from its own
 * machine, which it may trust in what a proxy says; so nothing of that is passed on which was not believed of the batch.
 *
 * @param address its address, as the connection tells or as a trusted proxy has said; null if it has none
 * @param scheme how it came
 * @param host the name it called the server by
 * @param port the port of that
 */
record ClientView(@Nullable String address, String scheme, String host, int port) {
    private static final String FORWARDED_FOR = "X-Forwarded-For";
    private static final String FORWARDED = "Forwarded";
    /** The pairs of RFC 7239, section 4, that say how a client came. */
    private static final Pattern HOW_IT_CAME =
            Pattern.compile("(?<name>proto|host)=\"?(?<value>[^\";,\\s]*)", Pattern.CASE_INSENSITIVE);

    static ClientView of(HttpServletRequest outer, @Nullable String address) {
        return new ClientView(address, outer.getScheme(), outer.getServerName(), outer.getServerPort());
    }

    /** The fields of an item, with what a hop adds. */
    Headers apply(Headers headers) {
        Headers.Builder all = Headers.builder();
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (!name.equalsIgnoreCase(FORWARDED_FOR) && !name.equalsIgnoreCase(FORWARDED)) {
                String value = believed(name, headers.value(i));
                if (!value.isEmpty() || headers.value(i).isEmpty()) {
                    all.add(name, value);
                }
            }
        }
        if (address != null) {
            // Last, where whoever goes by trust looks first.
            all.add(FORWARDED_FOR, plus(headers.all(FORWARDED_FOR), address));
        }
        if (headers.contains(FORWARDED)) {
            all.add(FORWARDED, forwarded(headers.all(FORWARDED)));
        }
        return all.build();
    }

    /** What the field says if that was believed, what is true if not; nothing where the field is not to be there. */
    private String believed(String name, String value) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "x-forwarded-proto", "x-forwarded-protocol", "x-forwarded-scheme" ->
                value.equalsIgnoreCase(scheme) ? value : scheme;
            case "x-forwarded-host" -> isHost(value) ? value : host + ":" + port;
            case "x-forwarded-port" -> Integer.toString(port);
            case "x-forwarded-ssl", "x-forwarded-https", "x-proxied-https", "front-end-https" ->
                scheme.equals("https") ? value : "";
            default -> value;
        };
    }

    private boolean isHost(String value) {
        return value.equalsIgnoreCase(host) || value.equalsIgnoreCase(host + ":" + port);
    }

    private static String plus(List<String> hops, String hop) {
        return hops.isEmpty() ? hop : String.join(", ", hops) + ", " + hop;
    }

    private String forwarded(List<String> hops) {
        String node = address == null ? "unknown" : address.contains(":") ? "\"[" + address + "]\"" : address;
        return isBelieved(hops)
                ? plus(hops, "for=" + node)
                : "for=" + node + ";proto=" + scheme + ";host=\"" + host + ":" + port + "\"";
    }

    private boolean isBelieved(List<String> hops) {
        Matcher pairs = HOW_IT_CAME.matcher(String.join(", ", hops));
        while (pairs.find()) {
            String value = pairs.group("value");
            if (!(pairs.group("name").equalsIgnoreCase("proto") ? value.equalsIgnoreCase(scheme) : isHost(value))) {
                return false;
            }
        }
        return true;
    }
}
