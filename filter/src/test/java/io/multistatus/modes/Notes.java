package io.multistatus.modes;

import java.util.SortedMap;
import java.util.TreeMap;

/** A few texts, with answers that tell in which order they were asked for. Thread-safe. */
final class Notes {
    private SortedMap<Integer, String> texts = new TreeMap<>();

    /** An answer; only good ones have a text. */
    record Answer(int status, String text) {
        static final Answer FAILED_DEPENDENCY = new Answer(424, "");

        boolean failed() {
            return status >= 400;
        }
    }

    /** Does one thing to a note, and leaves {@code value} in it. */
    synchronized Answer apply(Operation.Kind kind, int note, String value) {
        String old = texts.get(note);
        return switch (kind) {
            case READ -> old == null ? new Answer(404, "") : new Answer(200, old);
            case LIST -> new Answer(200, texts.toString());
            case CREATE -> old == null ? put(201, note, value) : new Answer(409, "");
            case REPLACE -> put(old == null ? 201 : 200, note, value);
            case APPEND -> old == null ? new Answer(404, "") : put(200, note, old + "," + value);
            case DELETE -> {
                texts.remove(note);
                yield old == null ? new Answer(404, "") : new Answer(200, old);
            }
        };
    }

    private Answer put(int status, int note, String text) {
        texts.put(note, text);
        return new Answer(status, text);
    }

    synchronized SortedMap<Integer, String> all() {
        return new TreeMap<>(texts);
    }

    synchronized void restore(SortedMap<Integer, String> all) {
        texts = new TreeMap<>(all);
    }
}
