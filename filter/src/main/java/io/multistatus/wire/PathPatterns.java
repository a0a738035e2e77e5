package io.multistatus.wire;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A set of paths, written as servlet url-patterns (Jakarta Servlet 6.0, section 12.2): {@code /api/*} is {@code /api}
 * and everything below it, {@code *.json} every path whose last segment has that extension, {@code /exact} that one path
 * and nothing else, not even {@code /exact/}. Matching is by the letter, upper and lower case being different, as it is
 * in servlet containers. Immutable and thread-safe.
 */
public final class PathPatterns {
    private static final Pattern UNMATCHABLE = Pattern.compile("[;?#%\\\\\\p{Cntrl}]|//|/\\.\\.?(/|$)");

    private final List<String> patterns;
    private final Set<String> exact = new HashSet<>();
    /** Prefixes without the slash and the star. */
    private final Set<String> prefixes = new LinkedHashSet<>();
    /** Extensions without the star and the dot. */
    private final Set<String> extensions = new HashSet<>();

    private PathPatterns(Collection<String> patterns) {
        this.patterns = List.copyOf(patterns);
        for (String pattern : this.patterns) {
            if (pattern.startsWith("*.")) {
                extensions.add(pattern.substring(2));
            } else if (pattern.endsWith("/*")) {
                prefixes.add(pattern.substring(0, pattern.length() - 2));
            } else {
                exact.add(pattern);
            }
        }
    }

    /**
     * The paths that any of {@code patterns} stands for.
     *
     * @throws IllegalArgumentException if one is not a url-pattern, or one that no canonical path can match
     */
    public static PathPatterns of(Collection<String> patterns) {
        patterns.forEach(PathPatterns::check);
        return new PathPatterns(patterns);
    }

    /**
     * Whether the path is in the set.
     *
     * @param path the path within the context, decoded and canonical (see {@link CanonicalPath}); begins with a slash,
     *     or is empty for the context itself
     */
    public boolean matches(String path) {
        return exact.contains(path) || matchesPrefix(path) || matchesExtension(path);
    }

    /** Whether every path is in the set, because {@code /*} is. */
    public boolean isAll() {
        return prefixes.contains("");
    }

    /** Whether no path at all is in the set. */
    public boolean isEmpty() {
        return patterns.isEmpty();
    }

    /** The patterns as they were written. */
    @Override
    public String toString() {
        return patterns.toString();
    }

    private boolean matchesPrefix(String path) {
        for (String prefix : prefixes) {
            if (path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/')) {
                return true;
            }
        }
        return false;
    }

    private boolean matchesExtension(String path) {
        int dot = path.lastIndexOf('.');
        return dot > path.lastIndexOf('/') && extensions.contains(path.substring(dot + 1));
    }

    private static void check(String pattern) {
        if (pattern.equals("/")) {
            // To a container this is the default servlet, to a reader the root page or everything: too much to guess.
            throw new IllegalArgumentException("'/' says too little; write /* for all paths");
        }
        if (UNMATCHABLE.matcher(pattern).find()) {
            throw new IllegalArgumentException("'" + pattern + "' can match no path: patterns are compared with decoded"
                    + " paths that have no empty or dot segments, no parameters and no query");
        }
        boolean extension = pattern.startsWith("*.") && pattern.length() > 2 && pattern.indexOf('.', 2) < 0;
        String fixed = extension
                ? pattern.substring(2)
                : pattern.endsWith("/*") ? pattern.substring(0, pattern.length() - 1) : pattern;
        if (fixed.contains("*") || (extension ? fixed.contains("/") : !fixed.startsWith("/"))) {
            throw new IllegalArgumentException("'" + pattern + "' is no path pattern; /api/*, /exact and *.json are");
        }
    }
}
