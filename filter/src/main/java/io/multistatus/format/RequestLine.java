package io.multistatus.format;

import io.multistatus.model.HttpSyntax;
import io.multistatus.model.Problem;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What all formats say of an item's method and of how many fields it may have. */
public final class RequestLine {
    /**
     * As many as fit into a header of 8 KiB, the usual limit of containers, if each is as short as can be. A bound is
     * needed here since a field takes many times as much memory as its text.
     */
    public static final int MAX_FIELDS = 2048;

    private static final Set<String> STANDARD_METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH");

    private RequestLine() {}

    /** Why an item may not have that method, if so, for people. */
    public static Optional<String> refusal(String method) {
        if (!HttpSyntax.isToken(method)) {
            return Optional.of("method must be an HTTP token, but is " + Problem.quote(method));
        }
        String upper = method.toUpperCase(Locale.ROOT);
        return upper.equals("CONNECT") || upper.equals("TRACE")
                ? Optional.of("method " + upper + " is not allowed in a batch")
                : Optional.empty();
    }

    /** Standard methods in upper case, all others as written: case matters in them (RFC 9110, section 9.1). */
    public static String normalize(String method) {
        String upper = method.toUpperCase(Locale.ROOT);
        return STANDARD_METHODS.contains(upper) ? upper : method;
    }

    /** What an item is told that has more than {@link #MAX_FIELDS} fields. */
    public static Problem tooManyFields() {
        return Problem.of(431, "too-many-headers", "The subrequest has too many headers")
                .detail("headers has more than " + MAX_FIELDS + " fields");
    }
}
