package io.multistatus.wire;

import io.multistatus.model.Headers;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the items need of the batch's own request, copied while it is still there. Immutable.
 *
 * @param origin scheme, host and port as the host sees them after its forwarding support, without a default port
 * @param host the {@code Host} field that the client sent, or what stands for it: never what a proxy's field has made of it
 * @param contextPath the host app's context path, decoded or not as the container gives it; empty for the root
 * @param path the path the batch was posted to, as the container received it
 * @param headers all fields as the client sent them: whatever changed them since passes the items too
 */
public record OuterRequest(String origin, String host, String contextPath, String path, Headers headers) {
    private static final Map<String, Integer> DEFAULT_PORTS = Map.of("http", 80, "https", 443);

    /**
     * Copies from a live request.
     *
     * @param headers all fields as the client sent them, before anything wrapped the request
     * @param authority where the client sent it to, if no field says that
     */
    public static OuterRequest of(HttpServletRequest request, Headers headers, Optional<String> authority) {
        HttpServletRequest received = received(request);
        String host = headers.first("Host").or(() -> authority).orElseGet(() -> authority(received));
        return new OuterRequest(
                origin(request.getScheme(), request.getServerName(), request.getServerPort()),
                host,
                received.getContextPath(),
                received.getRequestURI(),
                headers);
    }

    /**
     * The request without what filters in front have wrapped around it. Items begin where the container received the
     * batch: a path that a wrapper has invented, of a proxy's {@code X-Forwarded-Prefix} for one, leads nowhere there,
     * and rules on paths that went by it would be rules on other paths.
     */
    private static HttpServletRequest received(HttpServletRequest request) {
        ServletRequest inner = request;
        while (inner instanceof ServletRequestWrapper wrapper) {
            inner = wrapper.getRequest();
        }
        return inner instanceof HttpServletRequest http ? http : request;
    }

    /** The scheme of {@link #origin}, in lower case. */
    public String scheme() {
        return origin.substring(0, origin.indexOf(':'));
    }

    /** {@code scheme://host[:port]} in lower case, the port only where it is not the scheme's default (RFC 6454, 6.2). */
    static String origin(String scheme, String host, int port) {
        String lowerScheme = scheme.toLowerCase(Locale.ROOT);
        @Nullable Integer defaultPort = DEFAULT_PORTS.get(lowerScheme);
        boolean plain = port <= 0 || (defaultPort != null && defaultPort == port);
        return lowerScheme + "://" + host.toLowerCase(Locale.ROOT) + (plain ? "" : ":" + port);
    }

    private static String authority(HttpServletRequest request) {
        String origin = origin(request.getScheme(), request.getServerName(), request.getServerPort());
        return origin.substring(origin.indexOf("://") + 3);
    }
}
