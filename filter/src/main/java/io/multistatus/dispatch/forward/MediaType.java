package io.multistatus.dispatch.forward;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a Content-Type says (RFC 9110, section 8.3), well-formed or not. */
final class MediaType {
    private static final Pattern CHARSET =
            Pattern.compile("\\s*;\\s*charset\\s*=\\s*\"?(?<charset>[^\\s\";,]+)\"?", Pattern.CASE_INSENSITIVE);

    private MediaType() {}

    /** The type alone, without parameters; empty for none. */
    static String of(@Nullable String contentType) {
        if (contentType == null) {
            return "";
        }
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip();
    }

    static Optional<String> charset(@Nullable String contentType) {
        Matcher parameter = CHARSET.matcher(contentType == null ? "" : contentType);
        return parameter.find() ? Optional.of(parameter.group("charset")) : Optional.empty();
    }

    static String withoutCharset(String contentType) {
        return CHARSET.matcher(contentType).replaceFirst("");
    }

    /** UTF-8 by definition (RFC 8259, section 8.1), so that nobody has to say it. */
    static boolean isJson(@Nullable String contentType) {
        String type = of(contentType).toLowerCase(Locale.ROOT);
        return type.equals("application/json") || type.endsWith("+json");
    }
}
