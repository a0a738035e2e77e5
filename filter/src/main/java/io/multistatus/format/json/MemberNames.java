package io.multistatus.format.json;

import io.multistatus.model.Problem;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The names of one object's members, each of which may stand there once. Bounded, since a name takes many times as much
 * memory as its text, and no object of a batch has more than a handful that mean something. Not thread-safe.
 */
final class MemberNames {
    static final int MAX_MEMBERS = 256;

    private final Set<String> names = new HashSet<>();

    /** Adds a name, and says what is wrong with it if it is there already, or is one too many. */
    Optional<String> add(String name) {
        if (!names.add(name)) {
            return Optional.of("has two members " + Problem.quote(name));
        }
        return names.size() > MAX_MEMBERS ? Optional.of("has more than " + MAX_MEMBERS + " members") : Optional.empty();
    }

    boolean contains(String name) {
        return names.contains(name);
    }

    /** Forgets all names, for the next object. */
    void clear() {
        names.clear();
    }
}
