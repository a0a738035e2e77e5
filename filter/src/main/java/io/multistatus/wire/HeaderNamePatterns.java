package io.multistatus.wire;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A set of header names, each written out or with a {@code *} at its end that stands for any rest: {@code X-Foo-*}.
 * Names compare without case (RFC 9110, section 5.1). Immutable and thread-safe.
 */
public final class HeaderNamePatterns {
    /** A token (RFC 9110, section 5.6.2) that may end with, or be, the wildcard; a {@code *} elsewhere is none. */
    private static final Pattern NAME = Pattern.compile("[!#$%&'+.^_`|~0-9A-Za-z-]+\\*?|\\*");

    private final Set<String> names = new HashSet<>();
    private final List<String> prefixes;

    private HeaderNamePatterns(Collection<String> patterns) {
        Set<String> beginnings = new TreeSet<>();
        for (String pattern : patterns) {
            String lower = pattern.toLowerCase(Locale.ROOT);
            if (lower.endsWith("*")) {
                beginnings.add(lower.substring(0, lower.length() - 1));
            } else {
                names.add(lower);
            }
        }
        prefixes = List.copyOf(beginnings);
    }

    /**
     * The names that any of {@code patterns} stands for.
     *
     * @throws IllegalArgumentException if one is not a header name, with or without a {@code *} at its end
     */
    public static HeaderNamePatterns of(Collection<String> patterns) {
        for (String pattern : patterns) {
            if (!NAME.matcher(pattern).matches()) {
                throw new IllegalArgumentException(
                        "'" + pattern + "' is no header name; X-Name is, and X-Name-* for all that begin so");
            }
        }
        return new HeaderNamePatterns(patterns);
    }

    /** Whether {@code name}, in any case, is in the set. */
    public boolean matches(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return names.contains(lower) || prefixes.stream().anyMatch(lower::startsWith);
    }

    /** Whether no name at all is in the set. */
    public boolean isEmpty() {
        return names.isEmpty() && prefixes.isEmpty();
    }
}
