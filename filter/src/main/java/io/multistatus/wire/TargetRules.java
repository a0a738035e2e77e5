package io.multistatus.wire;

import io.multistatus.model.Problem;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where items may go: resolves an item's URL against the batch's (RFC 3986, section 5.2) and refuses what leads
 * elsewhere than to this host, into the batch endpoint again, or where the configuration forbids. Immutable.
 *
 * @param batchPaths paths of endpoints below the context path
 * @param anySpelling whether a batch in a batch is refused in every spelling of that path. Needed where a request that
 *     reaches the endpoint is not recognised there as an item; where it is, only the plain spelling is refused here, since
 *     where the others lead is the container's decision
 * @param urlBase what is put before host-absolute URLs that do not begin with it; null for nothing
 * @param allow paths below the context path that items may go to; empty, or with {@code /*} in it, for all, also of other
 *     contexts and such that have no canonical form: the container judges them as it does on the wire
 * @param deny paths below the context path that items may not go to
 */
public record TargetRules(
        Set<String> batchPaths,
        boolean anySpelling,
        @Nullable String urlBase,
        PathPatterns allow,
        PathPatterns deny) {
    private static final Pattern ABSOLUTE = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/?]*)(.*)");
    private static final Pattern HOST_AND_PORT = Pattern.compile("(\\[[^]]*]|[^:]*)(?::(\\d{0,5}))?");
    /** RFC 3986, section 3.1. Keys of OData have colons as well: {@code Events(2020-01-01T00:00:00Z)}. */
    private static final Pattern WITH_SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*");

    /**
     * The request target that {@code url} stands for. What follows the host in the URL is passed on as it is spelled.
     *
     * @throws RefusedRequestException 400 if it is no URL that an item may have
     */
    public String resolve(String url, OuterRequest outer) throws RefusedRequestException {
        for (int i = 0; i < url.length(); i++) {
            char c = url.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                throw malformed(
                        url,
                        c == '#'
                                ? "has a fragment"
                                : "has the character U+%04X at position %d; it must be percent-encoded"
                                        .formatted((int) c, i));
            }
        }
        if (url.startsWith("/")) {
            return urlBase == null || isBelow(url, urlBase, "/?") ? url : urlBase + url;
        }
        Matcher absolute = ABSOLUTE.matcher(url);
        if (absolute.matches()) {
            checkOrigin(url, absolute.group(1), absolute.group(2), outer);
            String rest = absolute.group(3);
            return rest.startsWith("/") ? rest : "/" + rest;
        }
        if (WITH_SCHEME.matcher(url).matches()) {
            throw malformed(url, "is neither a path nor an absolute http or https URL");
        }
        return relativeTo(outer.path(), url);
    }

    /** Whether {@code url} says only where to go from some other URL: it has neither a scheme nor a slash at its beginning. */
    public static boolean isRelative(String url) {
        return !url.startsWith("/") && !WITH_SCHEME.matcher(url).matches();
    }

    private static void checkOrigin(String url, String scheme, String authority, OuterRequest outer)
            throws RefusedRequestException {
        if (authority.contains("@")) {
            throw malformed(authority.substring(authority.lastIndexOf('@')), "has user information before its host");
        }
        Matcher hostAndPort = HOST_AND_PORT.matcher(authority);
        String origin = "";
        if (hostAndPort.matches()) {
            String port = hostAndPort.group(2);
            origin = OuterRequest.origin(
                    scheme, hostAndPort.group(1), port == null || port.isEmpty() ? -1 : Integer.parseInt(port));
        }
        if (!origin.equals(outer.origin())) {
            throw new RefusedRequestException(Problem.of(400, "foreign-origin", "The subrequest goes to another host")
                    .detail("The URL '" + shortened(url) + "' does not have the origin of the batch, "
                            + outer.origin()));
        }
    }

    /**
     * Refuses a finished target that items may not reach. What the configuration forbids is judged by the canonical path,
     * so no spelling matters.
     *
     * @throws RefusedRequestException 400 for a batch in a batch, 403 for what the configuration forbids
     */
    public void check(String method, String target, OuterRequest outer) throws RefusedRequestException {
        Optional<String> path = CanonicalPath.of(pathOf(target));
        Optional<String> inContext = path.flatMap(canonical -> belowContext(canonical, outer.contextPath()));
        boolean toEndpoint = anySpelling
                ? inContext.isPresent() && batchPaths.contains(inContext.get())
                : batchPaths.stream().anyMatch(batchPath -> pathOf(target).equals(outer.contextPath() + batchPath));
        if (method.equals("POST") && toEndpoint) {
            throw new RefusedRequestException(nestedBatch());
        }
        // Without a canonical path there is no telling where the container would go with it.
        boolean denied =
                !deny.isEmpty() && (path.isEmpty() || (inContext.isPresent() && deny.matches(inContext.get())));
        boolean allowed = allow.isEmpty() || allow.isAll() || (inContext.isPresent() && allow.matches(inContext.get()));
        if (denied || !allowed) {
            throw new RefusedRequestException(Problem.of(403, "forbidden-target", "Batches may not go to this path")
                    .detail("The path of the URL '" + shortened(target)
                            + "' is not among those that batches may go to"));
        }
    }

    /** What an item is told that is a batch itself. */
    public static Problem nestedBatch() {
        return Problem.of(400, "nested-batch", "A batch cannot be an item of a batch")
                .detail("The subrequest goes to the batch endpoint itself");
    }

    /** The part of a canonical path that follows the context path; empty if it leads elsewhere. */
    static Optional<String> belowContext(String canonicalPath, String contextPath) {
        String context =
                contextPath.isEmpty() ? "" : CanonicalPath.of(contextPath).orElse(contextPath);
        // A question mark in it has been decoded, so it begins no query.
        if (!isBelow(canonicalPath, context, "/")) {
            return Optional.empty();
        }
        String rest = canonicalPath.substring(context.length());
        return Optional.of(rest.isEmpty() ? "/" : rest);
    }

    private static boolean isBelow(String target, String base, String delimiters) {
        return target.startsWith(base)
                && (target.length() == base.length() || delimiters.indexOf(target.charAt(base.length())) >= 0);
    }

    /** A request target without its query. */
    static String pathOf(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /**
     * The target that a relative reference leads to (RFC 3986, sections 5.2.3 and 5.2.4).
     *
     * @param basePath the path that it is relative to
     */
    public static String relativeTo(String basePath, String reference) {
        String path = pathOf(reference);
        String query = reference.substring(path.length());
        if (path.isEmpty()) {
            return basePath + query;
        }
        return CanonicalPath.resolveDots(basePath.substring(0, basePath.lastIndexOf('/') + 1) + path) + query;
    }

    private static RefusedRequestException malformed(String url, String what) {
        return new RefusedRequestException(Problem.malformedRequest("The URL '" + shortened(url) + "' " + what));
    }

    /** Without query and fragment, which may hold a credential, and not longer than a message should be. */
    private static String shortened(String url) {
        String path = pathOf(url.replace('#', '?'));
        return path.length() <= 200 ? path : path.substring(0, 200) + "...";
    }
}
