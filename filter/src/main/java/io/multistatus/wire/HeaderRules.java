package io.multistatus.wire;

import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which header fields pass between the outer message and the items: what an item inherits, what it may not set itself,
 * what of its answer stays out of the envelope. Immutable.
 */
public final class HeaderRules {
    /** Belong to one connection (RFC 9110, section 7.6.1). */
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");

    /** Speak about the outer message, not about the items. */
    private static final Set<String> OF_THE_OUTER_REQUEST =
            Set.of("accept", "accept-encoding", "expect", "host", "idempotency-key", "prefer", "range");

    private static final List<String> PREFIXES_OF_THE_OUTER_REQUEST = List.of("content-", "if-", "batch-");

    /** They frame the message, or mark it; those that others speak by are {@link ForgeableFields}. */
    private static final Set<String> DENIED = Set.of("host", "content-length", "expect", "batch-loopback");

    /** Hop-by-hop fields among them, so that one look is enough; in any case, because every field is looked up. */
    private static final Set<String> NOT_IN_THE_ENVELOPE = Stream.concat(
                    HOP_BY_HOP.stream(),
                    Stream.of("set-cookie", "content-length", "date", "server", "strict-transport-security"))
            .collect(Collectors.toCollection(() -> new TreeSet<>(String.CASE_INSENSITIVE_ORDER)));

    private final HeaderNamePatterns denied;
    private final HeaderNamePatterns allowed;

    /**
     * The rules, and what a configuration adds to them.
     *
     * @param denied more names that items may not set
     * @param allowed names that items may set although they would be denied; wins over {@code denied}
     */
    public HeaderRules(HeaderNamePatterns denied, HeaderNamePatterns allowed) {
        this.denied = denied;
        this.allowed = allowed;
    }

    /** The fields of the outer request that every item gets unless it sets them itself. */
    public Headers inheritable(Headers outer) {
        Headers.Builder inherited = Headers.builder();
        outer.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!HOP_BY_HOP.contains(lower)
                    && !OF_THE_OUTER_REQUEST.contains(lower)
                    && PREFIXES_OF_THE_OUTER_REQUEST.stream().noneMatch(lower::startsWith)) {
                inherited.add(name, value);
            }
        });
        Preferences.parse(outer.all("Prefer")).forItems().forEach(preference -> inherited.add("Prefer", preference));
        return inherited.build();
    }

    /**
     * Why an item may not set the fields it does, if so. Clients that write whole messages repeat the Host.
     *
     * @param host the one that the item has anyway
     */
    public Optional<Problem> refusal(Headers item, String host) {
        for (int i = 0; i < item.size(); i++) {
            String name = item.name(i).toLowerCase(Locale.ROOT);
            boolean same = name.equals("host") && item.value(i).equalsIgnoreCase(host);
            if (!same && isDenied(name)) {
                return Optional.of(Problem.of(400, "forbidden-header", "The subrequest sets a header it may not set")
                        .detail("A subrequest may not set the header " + Problem.quote(item.name(i))
                                + ": it speaks for the connection, the proxy in front or the browser, or the host"
                                + " does not want it of items (deniedHeaders)"));
            }
        }
        return Optional.empty();
    }

    private boolean isDenied(String name) {
        if (allowed.matches(name)) {
            return false;
        }
        return HOP_BY_HOP.contains(name)
                || DENIED.contains(name)
                || ForgeableFields.contains(name)
                || denied.matches(name);
    }

    /** What the envelope shows of the fields of an item's answer. */
    public static Headers forEnvelope(Headers response) {
        return response.without(NOT_IN_THE_ENVELOPE::contains);
    }

    /** What the envelope shows of an item's answer. */
    public static Subresponse forEnvelope(Subresponse response) {
        return new Subresponse(response.status(), forEnvelope(response.headers()), response.body(), response.problem());
    }
}
