package io.multistatus.demo.soak;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** What has been sent and what has come of it. Thread-safe. */
final class Tally {
    private static final int MAX_WRONG = 20;
    private static final int MAX_TEXT = 600;

    private final ConcurrentMap<String, LongAdder> visits = new ConcurrentHashMap<>();
    private final ConcurrentMap<Integer, LongAdder> requests = new ConcurrentHashMap<>();
    private final ConcurrentMap<Integer, LongAdder> items = new ConcurrentHashMap<>();
    private final LongAdder late = new LongAdder();
    private final LongAdder busy = new LongAdder();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    /** Something has been done to the server, whatever came of it. */
    void visit(String kind) {
        add(visits, kind);
    }

    /** A whole answer has come. */
    void request(int status) {
        add(requests, status);
    }

    /** The batch was refused because the server has enough to do. */
    void busy() {
        busy.increment();
    }

    /**
     * An item has been answered.
     *
     * @param wasLate whether there was no time for it, although it does not take long
     */
    void item(int status, boolean wasLate) {
        add(items, status);
        if (wasLate) {
            late.increment();
        }
    }

    /** Something is not as it must be. */
    void wrong(String expected, Answer answer) {
        wrong("expected " + expected + ", but got " + answer.status() + " " + answer.text());
    }

    void wrong(String what) {
        if (wrong.size() < MAX_WRONG) {
            wrong.add(
                    what.length() <= 2 * MAX_TEXT
                            ? what
                            : what.substring(0, MAX_TEXT) + " ... " + what.substring(what.length() - MAX_TEXT));
        }
    }

    List<String> wrong() {
        return List.copyOf(wrong);
    }

    Map<String, Long> visits() {
        return sums(visits);
    }

    Map<Integer, Long> requestsByStatus() {
        return sums(requests);
    }

    Map<Integer, Long> itemsByStatus() {
        return sums(items);
    }

    long requests() {
        return total(requests);
    }

    long items() {
        return total(items);
    }

    long late() {
        return late.sum();
    }

    long refused() {
        return busy.sum();
    }

    private static <K> void add(ConcurrentMap<K, LongAdder> counts, K key) {
        counts.computeIfAbsent(key, k -> new LongAdder()).increment();
    }

    private static <K> Map<K, Long> sums(Map<K, LongAdder> counts) {
        Map<K, Long> sums = new TreeMap<>();
        counts.forEach((key, count) -> sums.put(key, count.sum()));
        return sums;
    }

    private static long total(Map<?, LongAdder> counts) {
        return counts.values().stream().mapToLong(LongAdder::sum).sum();
    }
}
