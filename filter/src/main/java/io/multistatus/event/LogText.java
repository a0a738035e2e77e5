package io.multistatus.event;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What clients write, as it may stand in a line of a log. */
final class LogText {
    private static final Pattern PARAMETERS = Pattern.compile(";[^/]*");
    private static final int MAX_WORD = 200;
    private static final int MAX_ENCODED = 8_192;
    private static final String CUT = "\u2026";
    private static final String NONE = "-";
    private static final String MEANINGFUL = "=%\"";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private LogText() {}

    /** A path without its parameters, as one word. */
    static String path(String path) {
        return oneWord(withoutParameters(path));
    }

    /** A parameter may be a session id. */
    static String withoutParameters(String path) {
        return PARAMETERS.matcher(path).replaceAll("");
    }

    /** One word that tells the text again: all but printable ASCII, and what has a meaning in a line, is percent-encoded. */
    static String encoded(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return NONE;
        }
        // A name that looks like none is one all the same.
        if (text.equals(NONE)) {
            return "%2D";
        }
        // Nothing is gained by hiding in the middle: both ends stay, where a path says most.
        String whole = text.length() <= MAX_ENCODED
                ? text
                : text.substring(0, MAX_ENCODED / 2) + CUT + text.substring(text.length() - MAX_ENCODED / 2);
        StringBuilder word = new StringBuilder(whole.length());
        for (byte b : whole.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7f && MEANINGFUL.indexOf(b) < 0) {
                word.append((char) b);
            } else {
                word.append('%').append(HEX.toHexDigits(b));
            }
        }
        return word.toString();
    }

    /** What a client wrote cannot end the line or look like another field of it. */
    static String oneWord(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        StringBuilder word = new StringBuilder(Math.min(text.length(), MAX_WORD));
        for (int i = 0; i < text.length() && i < MAX_WORD; i++) {
            char c = text.charAt(i);
            word.append(c <= ' ' || c == 0x7f || Character.isISOControl(c) || c == '=' || c > 0xff ? '_' : c);
        }
        return word.toString();
    }
}
