package io.multistatus.format.multipart;

import io.multistatus.format.ContentType;
import io.multistatus.model.HttpSyntax;
import io.multistatus.model.Problem;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The boundary parameter of a multipart type (RFC 2046, section 5.1.1). */
final class Boundary {
    private static final int MAX_LENGTH = 70;

    /** As some clients write it: without quotes although it has characters that need them. */
    private static final Pattern UNQUOTED = Pattern.compile("(?i)boundary=([^\"]+)");

    private Boundary() {}

    /**
     * The boundary.
     *
     * @throws MalformedPartException if there is none, or none that can be
     */
    static String of(String contentType) throws MalformedPartException {
        String boundary = ContentType.parse(contentType)
                .flatMap(type -> type.parameter("boundary"))
                .orElseGet(() -> unquoted(contentType));
        if (boundary.isEmpty()) {
            throw new MalformedPartException(
                    "the Content-Type " + Problem.quote(contentType) + " has no boundary parameter");
        }
        if (boundary.length() > MAX_LENGTH || !HttpSyntax.isFieldValue(boundary) || boundary.endsWith(" ")) {
            throw new MalformedPartException("the boundary " + Problem.quote(boundary) + " must have 1 to " + MAX_LENGTH
                    + " characters without controls, and not end in a space");
        }
        return boundary;
    }

    private static String unquoted(String contentType) {
        return ContentType.writtenParameters(contentType).stream()
                .map(UNQUOTED::matcher)
                .filter(Matcher::matches)
                .map(parameter -> HttpSyntax.trim(parameter.group(1)))
                .findFirst()
                .orElse("");
    }
}
