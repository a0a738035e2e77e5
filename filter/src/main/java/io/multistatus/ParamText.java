package io.multistatus;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How values are written in init-params. Each method reads one kind of them, or refuses the text by an
 * {@link IllegalArgumentException} whose message says what is allowed. Ranges are not judged here.
 */
final class ParamText {
    private static final Pattern AMOUNT = Pattern.compile("(?<number>[+-]?[0-9]+)\\s*(?<unit>[A-Za-z]*)");
    private static final Pattern SEPARATOR = Pattern.compile("[\\s,]+");
    private static final Map<String, Long> BYTES =
            Map.of("", 1L, "b", 1L, "kib", 1L << 10, "mib", 1L << 20, "gib", 1L << 30);
    private static final Map<String, Duration> TIMES = Map.of(
            "ms",
            Duration.ofMillis(1),
            "s",
            Duration.ofSeconds(1),
            "m",
            Duration.ofMinutes(1),
            "h",
            Duration.ofHours(1));

    private ParamText() {}

    static int integer(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a whole number is allowed", e);
        }
    }

    static boolean bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("true or false is allowed");
        };
    }

    /** Bytes: {@code 10485760}, {@code 64KiB}, {@code 10MiB}, {@code 1GiB}. */
    static long size(String text) {
        Matcher amount = AMOUNT.matcher(text);
        if (!amount.matches()) {
            throw new IllegalArgumentException("a size is allowed, as in 10485760, 64KiB, 10MiB or 1GiB");
        }
        String unit = amount.group("unit");
        Long bytes = BYTES.get(unit.toLowerCase(Locale.ROOT));
        if (bytes == null) {
            throw new IllegalArgumentException("the unit '" + unit + "' is unknown or ambiguous (1000 or 1024?);"
                    + " B, KiB, MiB and GiB are allowed");
        }
        try {
            return Math.multiplyExact(Long.parseLong(amount.group("number")), bytes);
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException("that is more than " + Long.MAX_VALUE + " bytes", e);
        }
    }

    /** A time: {@code 500ms}, {@code 30s}, {@code 2m}, {@code 1h} or ISO-8601 ({@code PT1M30S}). */
    static Duration duration(String text) {
        Matcher amount = AMOUNT.matcher(text);
        try {
            if (!amount.matches()) {
                return Duration.parse(text);
            }
            Duration unit = TIMES.get(amount.group("unit"));
            if (unit != null) {
                return unit.multipliedBy(Long.parseLong(amount.group("number")));
            }
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException("that is too long a time", e);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(anyDuration(), e);
        }
        throw new IllegalArgumentException(anyDuration());
    }

    private static String anyDuration() {
        return "a time with its unit is allowed, as in 500ms, 30s, 2m, 1h or PT1M30S";
    }

    /** Items separated by commas or white space; blank for none. */
    static List<String> list(String text) {
        return SEPARATOR.splitAsStream(text).filter(item -> !item.isEmpty()).toList();
    }

    /** One of the constants of an enum, in any case. */
    static <E extends Enum<E>> Function<String, E> oneOf(Class<E> type) {
        return text -> Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("allowed is one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))));
    }
}
