package io.multistatus.model;

import java.util.ArrayList;
import java.util.List;

/** The few rules of HTTP's grammar that formats and dispatchers need (RFC 9110, section 5.6). */
public final class HttpSyntax {
    private static final boolean[] TOKEN = new boolean[128];

    static {
        for (char c = 'a'; c <= 'z'; c++) {
            TOKEN[c] = true;
            TOKEN[Character.toUpperCase(c)] = true;
        }
        for (char c = '0'; c <= '9'; c++) {
            TOKEN[c] = true;
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    private HttpSyntax() {}

    /** Whether {@code text} is a token: what methods and field names are made of. Empty text is none. */
    public static boolean isToken(String text) {
        return isToken(text, 0, text.length());
    }

    /** Whether what stands in {@code text} from {@code begin} to before {@code end} is a token. */
    public static boolean isToken(String text, int begin, int end) {
        for (int i = begin; i < end; i++) {
            char c = text.charAt(i);
            if (c >= TOKEN.length || !TOKEN[c]) {
                return false;
            }
        }
        return begin < end;
    }

    /**
     * Whether {@code text} may be a field's value: Latin-1 without controls, tabs aside (RFC 9110, section 5.5).
     * White space around it is not judged.
     */
    public static boolean isFieldValue(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0xff || c == 0x7f || (c < ' ' && c != '\t')) {
                return false;
            }
        }
        return true;
    }

    /** {@code text} without the spaces and tabs around it (OWS). */
    public static String trim(String text) {
        int begin = 0;
        int end = text.length();
        while (begin < end && isSpace(text.charAt(begin))) {
            begin++;
        }
        while (begin < end && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(begin, end);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    /** The parts of {@code text} between {@code separator}s outside quoted strings (RFC 9110, section 5.6.4), as written. */
    public static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted) {
                i++;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }
}
