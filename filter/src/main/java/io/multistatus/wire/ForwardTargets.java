package io.multistatus.wire;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where items may be forwarded to. What is forwarded is the very path that was judged, not the one the client wrote: a
 * forward leaves nobody behind this decision who could refuse. Immutable.
 *
 * @param allowed the only paths that there are
 */
public record ForwardTargets(PathPatterns allowed) {
    /** What may stand in a path as it is (RFC 3986, section 3.3), less the semicolon: it would begin parameters. */
    private static final String PLAIN = "-._~!$&'()*+,=:@/";

    /** In any case, and with whatever a file system may not count as part of a name. */
    private static final Pattern HIDDEN =
            Pattern.compile("/(web|meta)-inf([^a-z0-9_-].*)?", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /**
     * The path within the context that {@code target} stands for, canonical (see {@link CanonicalPath}) and
     * percent-encoded, without parameters and query.
     *
     * @param target a request target in origin form
     * @param contextPath that of the app, decoded or not
     * @return empty if items may not be forwarded there
     */
    public Optional<String> pathInContext(String target, String contextPath) {
        return CanonicalPath.of(TargetRules.pathOf(target))
                .flatMap(path -> TargetRules.belowContext(path, contextPath))
                .filter(path -> !isHidden(path) && allowed.matches(path))
                .map(ForwardTargets::encode);
    }

    /** What no client can reach, but a forward can (Jakarta Servlet 6.0, section 10.5). */
    private static boolean isHidden(String path) {
        return HIDDEN.matcher(path).matches();
    }

    private static String encode(String path) {
        StringBuilder encoded = new StringBuilder(path.length());
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (letterOrDigit || PLAIN.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append("%%%02X".formatted((int) c));
            }
        }
        return encoded.toString();
    }
}
