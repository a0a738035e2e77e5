package io.multistatus;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Collects what is wrong with a configuration, so that all of it can be told at once. Not thread-safe. */
final class ConfigProblems {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(365);

    private final List<String> problems = new ArrayList<>();

    /** Notes that {@code key} has a value it cannot have. */
    void add(String key, Object value, String allowed) {
        problems.add(key + " is '" + value + "': " + allowed);
    }

    /** Notes a fault that is not one key's value. */
    void add(String problem) {
        problems.add(problem);
    }

    /**
     * What {@code rule} makes of {@code value}, or {@code otherwise} if it refuses the value by an
     * {@link IllegalArgumentException}, whose message then says what is allowed.
     */
    <V, T> T check(String key, V value, Function<V, T> rule, T otherwise) {
        try {
            return rule.apply(value);
        } catch (IllegalArgumentException e) {
            add(key, value, String.valueOf(e.getMessage()));
            return otherwise;
        }
    }

    int between(int least, int most, String key, int value) {
        if (value < least || value > most) {
            add(key, value, "a number from " + least + " to " + most + " is allowed");
        }
        return value;
    }

    long bytesUpTo(long most, String key, long value) {
        if (value < 1 || value > most) {
            add(
                    key,
                    value,
                    most == Long.MAX_VALUE ? "at least 1 byte is needed" : "1 to " + most + " bytes are allowed");
        }
        return value;
    }

    Duration duration(String key, Duration value) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
            add(key, value, "a time from 1 millisecond to 365 days is allowed");
        }
        return value;
    }

    /** Ends the matter if there is anything wrong. */
    void throwIfAny() {
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }
}
