package io.multistatus.model;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * HTTP fields in the order they were written, repeats kept. Names compare without case (RFC 9110, section 5.1) and keep
 * the spelling they came with. Values are checked by whoever lets them in, not here. Immutable and thread-safe.
 */
public final class Headers {
    /**
     * About how many bytes of memory a field takes besides its text: two strings with an array each, and the places where they
     * are referred to.
     */
    public static final int BYTES_PER_FIELD = 104;

    private static final Headers EMPTY = new Headers(new String[0]);

    /** Name, value, name, value ... */
    private final String[] namesAndValues;

    private Headers(String[] namesAndValues) {
        this.namesAndValues = namesAndValues;
    }

    /** No fields at all. */
    public static Headers empty() {
        return EMPTY;
    }

    /**
     * The given fields in the given order.
     *
     * @param namesAndValues name, value, name, value and so on
     * @throws IllegalArgumentException if a name has no value
     */
    public static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a header name without a value, in " + List.of(namesAndValues));
        }
        return new Headers(namesAndValues.clone());
    }

    /** A builder that holds no field yet. */
    public static Builder builder() {
        return new Builder();
    }

    /** How many fields there are, each repeat counted. */
    public int size() {
        return namesAndValues.length / 2;
    }

    /** The name of the field at {@code index}, 0 to {@link #size()} - 1, as it was spelled. */
    public String name(int index) {
        return namesAndValues[2 * index];
    }

    /** The value of the field at {@code index}, 0 to {@link #size()} - 1. */
    public String value(int index) {
        return namesAndValues[2 * index + 1];
    }

    /** The value of the first field of that name. */
    public Optional<String> first(String name) {
        for (int i = 0; i < size(); i++) {
            if (name(i).equalsIgnoreCase(name)) {
                return Optional.of(value(i));
            }
        }
        return Optional.empty();
    }

    /** These fields, behind those of {@code others} whose names are none of these. */
    public Headers over(Headers others) {
        Set<String> names = names();
        return builder()
                .addAll(others.without(name -> names.contains(name.toLowerCase(Locale.ROOT))))
                .addAll(this)
                .build();
    }

    /** The values of all fields of that name, in order; empty if there are none. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>();
        forEach((field, value) -> {
            if (field.equalsIgnoreCase(name)) {
                values.add(value);
            }
        });
        return values;
    }

    /** Whether there is a field of that name. */
    public boolean contains(String name) {
        return first(name).isPresent();
    }

    /** The names, each once, in lower case, in the order of their first field. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        forEach((name, value) -> names.add(name.toLowerCase(Locale.ROOT)));
        return names;
    }

    /** Calls {@code action} with the name and the value of each field, in order. */
    public void forEach(BiConsumer<String, String> action) {
        for (int i = 0; i < size(); i++) {
            action.accept(name(i), value(i));
        }
    }

    /** These fields without those whose name {@code unwanted} accepts. */
    public Headers without(Predicate<String> unwanted) {
        Builder kept = builder();
        forEach((name, value) -> {
            if (!unwanted.test(name)) {
                kept.add(name, value);
            }
        });
        return kept.build();
    }

    /** About how much memory the fields take, in bytes: many short ones take many times as much as their text. */
    public long estimatedBytes() {
        long bytes = (long) BYTES_PER_FIELD * size();
        for (String text : namesAndValues) {
            bytes += text.length();
        }
        return bytes;
    }

    /** Only the names: a value may be a credential. */
    @Override
    public String toString() {
        return names().toString();
    }

    /** Collects fields. Not thread-safe. */
    public static final class Builder {
        private final List<String> namesAndValues = new ArrayList<>();

        private Builder() {}

        /** Adds a field behind those that are there, of the same name or not. */
        public Builder add(String name, String value) {
            namesAndValues.add(name);
            namesAndValues.add(value);
            return this;
        }

        /** Adds all fields of {@code headers}. */
        public Builder addAll(Headers headers) {
            headers.forEach(this::add);
            return this;
        }

        /** The fields added so far. */
        public Headers build() {
            return namesAndValues.isEmpty() ? EMPTY : new Headers(namesAndValues.toArray(String[]::new));
        }
    }
}
