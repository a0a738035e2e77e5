package io.multistatus;

import jakarta.servlet.FilterConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A filter's init-params as a configuration: text is read here, values are judged by the builder.
 *
 * @param <B> the builder
 */
final class InitParams<B> {
    /** How different two names may be for one to be taken for the other, misspelled. */
    private static final int MAX_TYPOS = 3;

    private final List<InitParam<B, ?>> keys;

    /** Those that there are, in the order they are documented. */
    InitParams(List<InitParam<B, ?>> keys) {
        this.keys = keys;
    }

    /** The names of all keys, in the order they are documented. */
    List<String> names() {
        return keys.stream().map(InitParam::name).toList();
    }

    /**
     * Adds what the init-params say to what {@code builder} holds, and notes where a key is unknown or a value malformed or
     * impossible.
     */
    void read(FilterConfig config, B builder, ConfigProblems problems) {
        List<String> given = new ArrayList<>(Collections.list(config.getInitParameterNames()));
        for (InitParam<B, ?> key : keys) {
            String text = config.getInitParameter(key.name());
            if (given.remove(key.name()) && text != null) {
                key.apply(text, builder, problems);
            }
        }
        for (String unknown : given) {
            problems.add(unknown + " is no configuration key; " + nearest(unknown));
        }
    }

    private String nearest(String unknown) {
        String known = Collections.min(names(), Comparator.comparingInt(key -> typos(unknown, key)));
        return typos(unknown, known) <= MAX_TYPOS
                ? "did you mean " + known + "?"
                : "there are " + String.join(", ", names());
    }

    /** How many letters must be added, dropped or changed to get from one to the other (Levenshtein), case aside. */
    private static int typos(String one, String other) {
        String from = one.toLowerCase(Locale.ROOT);
        String to = other.toLowerCase(Locale.ROOT);
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
