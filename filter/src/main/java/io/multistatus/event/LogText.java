package io.multistatus.event;

import java.util.regex.Pattern;

/** What clients write, as it may stand in a line of a log. */
final class LogText {
    private static final Pattern PARAMETERS = Pattern.compile(";[^/]*");
    private static final int MAX_WORD = 200;

    private LogText() {}

    /** A path without its parameters, as one word: a parameter may be a session id. */
    static String path(String path) {
        return oneWord(PARAMETERS.matcher(path).replaceAll(""));
    }

    /** What a client wrote cannot end the line or look like another field of it. */
    static String oneWord(String text) {
        if (text.isEmpty()) {
            return "-";
        }
        StringBuilder word = new StringBuilder(Math.min(text.length(), MAX_WORD));
        for (int i = 0; i < text.length() && i < MAX_WORD; i++) {
            char c = text.charAt(i);
            word.append(c <= ' ' || c == 0x7f || Character.isISOControl(c) || c == '=' || c > 0xff ? '_' : c);
        }
        return word.toString();
    }
}
