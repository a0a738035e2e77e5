package io.multistatus.execution;

import io.multistatus.model.Subresponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The items of a batch that are to be tried again and do not run yet. Belongs to the lock of its {@link RunState}. */
final class Postponed {
    private record Try(Subresponse last, long due) {}

    private final Map<Integer, Try> waiting = new HashMap<>();
    private final int[] retries;

    /** None yet, of so many. */
    Postponed(int items) {
        retries = new int[items];
    }

    /** How often an item has been tried again. */
    int retries(int item) {
        return retries[item];
    }

    boolean has(int item) {
        return waiting.containsKey(item);
    }

    void add(int item, Subresponse answer, Duration delay) {
        waiting.put(item, new Try(answer, System.nanoTime() + delay.toNanos()));
    }

    /** An item runs again, if it is one of them. */
    void begun(int item) {
        if (waiting.remove(item) != null) {
            retries[item]++;
        }
    }

    /** Takes an item out; what it was answered last, null if it is none of them. */
    @Nullable
    Subresponse remove(int item) {
        Try next = waiting.remove(item);
        return next == null ? null : next.last();
    }

    List<Integer> all() {
        return List.copyOf(waiting.keySet());
    }

    /** Those whose time has come. */
    List<Integer> due() {
        long now = System.nanoTime();
        return waiting.entrySet().stream()
                .filter(entry -> entry.getValue().due() - now <= 0)
                .map(Map.Entry::getKey)
                .toList();
    }
}
