package io.multistatus.demo.soak;

import java.util.Locale;
import java.util.Map;

/**
 * What the server holds at a moment.
 *
 * @param busy those of the filter's gauges that are not zero: bytes that batches hold, batches, items, jobs
 * @param heap bytes of live objects, after a collection
 * @param direct bytes of direct buffers
 * @param mapped bytes of mapped buffers
 * @param threads how many there are, by their names without numbers
 * @param sockets open ones, those that listen among them
 * @param selectors what threads wait with for sockets: a few for each that does so
 * @param files all else that is open
 */
record Vitals(
        Map<String, Double> busy,
        long heap,
        long direct,
        long mapped,
        Map<String, Integer> threads,
        int sockets,
        int selectors,
        int files) {
    int threadCount() {
        return threads.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "busy %s, live heap %6.1f MiB, direct buffers %5.1f MiB, mapped %3.1f MiB, threads %3d, sockets %2d, selectors %3d, files %2d",
                busy,
                mebibytes(heap),
                mebibytes(direct),
                mebibytes(mapped),
                threadCount(),
                sockets,
                selectors,
                files);
    }

    private static double mebibytes(long bytes) {
        return bytes / (1024.0 * 1024.0);
    }
}
