package io.multistatus.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The one spelling of a path that decisions about access are made on, however its client spelled it. Stands for what the
 * most lenient container would make of the path, so that no spelling slips past a list of denied paths.
 *
 * <p>The steps, in this order:
 *
 * <ol>
 *   <li>A path with anything but visible ASCII in it, or with a {@code ?} or {@code #}, is none (RFC 3986, section 3.3).
 *   <li>The parameters of each segment are dropped: from a {@code ;} to the next {@code /}. An encoded {@code %3B} begins
 *       no parameters; containers look for them before they decode.
 *   <li>Percent-encoding is decoded, once, as strict UTF-8. What has been encoded twice stays encoded once.
 *   <li>Control characters are refused.
 *   <li>Each backslash becomes a slash, as an encoded {@code %2F} has by now.
 *   <li>Runs of slashes become one.
 *   <li>Dot segments are resolved (RFC 3986, section 5.2.4); above the root is the root.
 * </ol>
 *
 * <p>Where it depends on the container what a path means, there is no canonical one: if the last two steps in the opposite
 * order would lead elsewhere ({@code /a//../b} is {@code /b} to one and {@code /a/b} to another), or if dot segments were
 * resolved first and encoded slashes and backslashes became slashes only then ({@code /a%2f../b} is {@code /b} to one and
 * {@code /a/../b}, which begins with {@code /a/}, to another).
 */
public final class CanonicalPath {
    private static final Pattern ON_THE_WIRE = Pattern.compile("[\\x21-\\x7e&&[^?#]]+");
    private static final Pattern SLASHES = Pattern.compile("/{2,}");
    private static final Pattern ENCODED_DOT = Pattern.compile("%2[eE]");

    private CanonicalPath() {}

    /**
     * The canonical, decoded form of {@code rawPath}. It begins with a slash, has no empty or dot segments, and keeps a
     * slash at its end.
     *
     * @param rawPath the path of a request target as it was written, without the query
     * @return empty if it has none. No decision can be made about such a path, so whoever has one to make must refuse.
     */
    public static Optional<String> of(String rawPath) {
        if (isCanonical(rawPath)) {
            return Optional.of(rawPath);
        }
        if (!ON_THE_WIRE.matcher(rawPath).matches()) {
            return Optional.empty();
        }
        return withoutParameters(rawPath).flatMap(CanonicalPath::decodedAndNormalised);
    }

    /** Whether no step would change anything, as is the rule; a segment that begins with a dot is looked at closely. */
    private static boolean isCanonical(String rawPath) {
        char before = 0;
        for (int i = 0; i < rawPath.length(); i++) {
            char c = rawPath.charAt(i);
            boolean special = c <= ' ' || c >= 0x7f || "?#%;\\".indexOf(c) >= 0;
            if (special || (before == '/' && (c == '/' || c == '.'))) {
                return false;
            }
            before = c;
        }
        return rawPath.startsWith("/");
    }

    private static Optional<String> withoutParameters(String rawPath) {
        StringBuilder kept = new StringBuilder(rawPath.length());
        boolean inParameters = false;
        for (int i = 0; i < rawPath.length(); i++) {
            char c = rawPath.charAt(i);
            if (inParameters && c == '\\') {
                // Whether it ends the segment, and so the parameters, depends on who reads it.
                return Optional.empty();
            }
            inParameters = c != '/' && (inParameters || c == ';');
            if (!inParameters) {
                kept.append(c);
            }
        }
        return Optional.of(kept.toString());
    }

    private static Optional<String> decode(String encoded) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c != '%') {
                bytes.write(c);
                continue;
            }
            int high = i + 2 < encoded.length() ? Character.digit(encoded.charAt(i + 1), 16) : -1;
            int low = i + 2 < encoded.length() ? Character.digit(encoded.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                return Optional.empty();
            }
            bytes.write(high << 4 | low);
            i += 2;
        }
        try {
            // A new decoder reports what is malformed (overlong forms, surrogates) where String would replace it.
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
            return decoded.chars().anyMatch(Character::isISOControl) ? Optional.empty() : Optional.of(decoded);
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> decodedAndNormalised(String encoded) {
        Optional<String> path = decode(encoded).flatMap(CanonicalPath::normalise);
        return path.isPresent() && path.equals(normalisedAndDecoded(encoded)) ? path : Optional.empty();
    }

    /** As a container reads it to which nothing but a plain slash ends a segment. */
    private static Optional<String> normalisedAndDecoded(String encoded) {
        if (!encoded.startsWith("/")) {
            return Optional.empty();
        }
        String plainDots = ENCODED_DOT.matcher(encoded).replaceAll(".");
        return decode(resolveDots(collapseSlashes(plainDots))).map(path -> collapseSlashes(path.replace('\\', '/')));
    }

    private static Optional<String> normalise(String decoded) {
        String path = decoded.replace('\\', '/');
        if (!path.startsWith("/")) {
            return Optional.empty();
        }
        String canonical = resolveDots(collapseSlashes(path));
        return canonical.equals(collapseSlashes(resolveDots(path))) ? Optional.of(canonical) : Optional.empty();
    }

    private static String collapseSlashes(String path) {
        return SLASHES.matcher(path).replaceAll("/");
    }

    /**
     * Resolves dot segments; above the root is the root. Not by a list of segments: that would take many times the memory
     * of a path of many short ones.
     *
     * @param path begins with a slash
     */
    static String resolveDots(String path) {
        StringBuilder resolved = new StringBuilder(path.length());
        int begin = 0;
        while (begin < path.length()) {
            int slash = path.indexOf('/', begin + 1);
            int end = slash < 0 ? path.length() : slash;
            boolean up = end - begin == 3 && path.startsWith("..", begin + 1);
            boolean here = end - begin == 2 && path.charAt(begin + 1) == '.';
            if (up) {
                resolved.setLength(Math.max(resolved.lastIndexOf("/"), 0));
            }
            if (!up && !here) {
                resolved.append(path, begin, end);
            } else if (end == path.length()) {
                resolved.append('/');
            }
            begin = end;
        }
        return resolved.isEmpty() ? "/" : resolved.toString();
    }
}
