package io.multistatus.format;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The one spelling that each field name has in an envelope, however the host or the HTTP version spelled it: each word
 * with a capital, and as registered (IANA, HTTP Field Name Registry) where that is not the rule.
 */
public final class FieldNames {
    private static final Map<String, String> EXCEPTIONS = new HashMap<>();

    static {
        for (String name : new String[] {
            "A-IM",
            "Accept-CH",
            "ALPN",
            "CDN-Cache-Control",
            "CDN-Loop",
            "Content-ID",
            "Content-MD5",
            "DASL",
            "DAV",
            "DNT",
            "DPoP",
            "DPoP-Nonce",
            "EDIINT-Features",
            "ETag",
            "GetProfile",
            "HTTP2-Settings",
            "IM",
            "MIME-Version",
            "NEL",
            "OData-EntityId",
            "OData-Error",
            "OData-Isolation",
            "OData-MaxVersion",
            "OData-Version",
            "Optional-WWW-Authenticate",
            "P3P",
            "PICS-Label",
            "ProfileObject",
            "RateLimit",
            "RateLimit-Policy",
            "SLUG",
            "SOAPAction",
            "SourceMap",
            "TCN",
            "TE",
            "TTL",
            "URI",
            "WWW-Authenticate",
            "X-Correlation-ID",
            "X-CSRF-Token",
            "X-DNS-Prefetch-Control",
            "X-RateLimit-Limit",
            "X-RateLimit-Remaining",
            "X-RateLimit-Reset",
            "X-Request-ID",
            "X-UA-Compatible",
            "X-XSS-Protection"
        }) {
            EXCEPTIONS.put(name.toLowerCase(Locale.ROOT), name);
        }
    }

    private FieldNames() {}

    /** The same spelling for names that differ in case only. */
    public static String canonical(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        String exception = EXCEPTIONS.get(lower);
        return exception != null ? exception : capitalised(lower);
    }

    private static String capitalised(String lower) {
        char[] chars = lower.toCharArray();
        boolean first = true;
        for (int i = 0; i < chars.length; i++) {
            if (first && chars[i] >= 'a' && chars[i] <= 'z') {
                chars[i] = Character.toUpperCase(chars[i]);
            }
            first = chars[i] == '-';
        }
        return new String(chars);
    }
}
