package io.multistatus.wire;

import io.multistatus.model.HttpSyntax;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The {@code Prefer} fields of a request (RFC 7240): which of them are the batch's, and what is left for its items.
 * Immutable.
 */
public final class Preferences {
    /** The preferences that speak to the endpoint itself and so never reach an item. */
    private static final Set<String> OF_THE_BATCH = Set.of(
            "execution", "continue-on-error", "odata.continue-on-error", "multi-status", "respond-async", "wait");

    /** By name in lower case; the first of a name counts (RFC 7240, section 2). */
    private final Map<String, String> values = new LinkedHashMap<>();

    private final List<String> forItems = new ArrayList<>();

    private Preferences() {}

    /** Reads the values of all {@code Prefer} fields; what is not understood is left alone. */
    public static Preferences parse(List<String> fieldValues) {
        Preferences preferences = new Preferences();
        for (String fieldValue : fieldValues) {
            for (String preference : HttpSyntax.split(fieldValue, ',')) {
                preferences.add(preference);
            }
        }
        return preferences;
    }

    private void add(String preference) {
        String nameAndValue = HttpSyntax.split(preference, ';').get(0);
        int equals = nameAndValue.indexOf('=');
        String name = (equals < 0 ? nameAndValue : nameAndValue.substring(0, equals))
                .trim()
                .toLowerCase(Locale.ROOT);
        if (OF_THE_BATCH.contains(name)) {
            values.putIfAbsent(name, equals < 0 ? "" : unquote(nameAndValue.substring(equals + 1)));
        } else if (!name.isEmpty()) {
            forItems.add(preference.trim());
        }
    }

    /** The value of one of the batch's preferences, empty text if it came without one. */
    public Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** The preferences that are the items' business, as they were written. */
    public List<String> forItems() {
        return List.copyOf(forItems);
    }

    private static String unquote(String value) {
        String trimmed = value.trim();
        boolean quoted = trimmed.length() >= 2 && trimmed.startsWith("\"") && trimmed.endsWith("\"");
        return quoted ? trimmed.substring(1, trimmed.length() - 1) : trimmed;
    }
}
