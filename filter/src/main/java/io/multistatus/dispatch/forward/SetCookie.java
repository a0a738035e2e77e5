package io.multistatus.dispatch.forward;

import jakarta.servlet.http.Cookie;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cookie as {@code Set-Cookie} writes it (RFC 6265, section 4.1). */
final class SetCookie {
    private static final Logger LOG = LoggerFactory.getLogger(SetCookie.class);

    /** Those that a cookie has methods for. */
    private static final Set<String> WELL_KNOWN =
            Set.of("version", "comment", "path", "domain", "max-age", "secure", "httponly", "expires");

    private SetCookie() {}

    static String of(Cookie cookie) {
        StringBuilder field = new StringBuilder(cookie.getName()).append('=');
        if (cookie.getValue() != null) {
            field.append(cookie.getValue());
        }
        if (cookie.getPath() != null) {
            field.append("; Path=").append(cookie.getPath());
        }
        if (cookie.getDomain() != null) {
            field.append("; Domain=").append(cookie.getDomain());
        }
        if (cookie.getMaxAge() >= 0) {
            Instant expires =
                    cookie.getMaxAge() == 0 ? Instant.EPOCH : Instant.now().plusSeconds(cookie.getMaxAge());
            field.append("; Max-Age=")
                    .append(cookie.getMaxAge())
                    .append("; Expires=")
                    .append(DateTimeFormatter.RFC_1123_DATE_TIME.format(expires.atZone(ZoneOffset.UTC)));
        }
        if (cookie.getSecure()) {
            field.append("; Secure");
        }
        if (cookie.isHttpOnly()) {
            field.append("; HttpOnly");
        }
        addOthers(cookie, field);
        return field.toString();
    }

    /** Attributes without a method of their own: SameSite above all. */
    private static void addOthers(Cookie cookie, StringBuilder field) {
        Map<String, String> attributes;
        try {
            attributes = cookie.getAttributes();
        } catch (NoSuchMethodError e) {
            LOG.trace("Cookies have no other attributes before Servlet 6", e);
            return;
        }
        attributes.forEach((name, value) -> {
            if (!WELL_KNOWN.contains(name.toLowerCase(Locale.ROOT))) {
                field.append("; ").append(name);
                if (value != null && !value.isEmpty()) {
                    field.append('=').append(value);
                }
            }
        });
    }
}
