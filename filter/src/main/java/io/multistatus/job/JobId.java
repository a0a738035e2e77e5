package io.multistatus.job;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a job is called: 128 random bits that nobody can guess, as 32 hexadecimal digits in lower case.
 *
 * @param text the digits
 */
public record JobId(String text) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{32}");
    private static final int BYTES = 16;
    private static final int SHOWN_DIGITS = 8;

    /** Checks the digits. */
    public JobId {
        if (!DIGITS.matcher(text).matches()) {
            throw new IllegalArgumentException("no job id: '" + text + "'");
        }
    }

    /** A new one. */
    public static JobId random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new JobId(HexFormat.of().formatHex(bytes));
    }

    /** The id that is spelled so; empty if none is. */
    public static Optional<JobId> parse(String text) {
        return DIGITS.matcher(text).matches() ? Optional.of(new JobId(text)) : Optional.empty();
    }

    /** Only the beginning, for logs: who knows the whole may have the result of a job that belongs to nobody. */
    @Override
    public String toString() {
        return text.substring(0, SHOWN_DIGITS) + "...";
    }
}
