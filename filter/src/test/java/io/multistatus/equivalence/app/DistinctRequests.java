package io.multistatus.equivalence.app;

import jakarta.servlet.ServletRequest;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Counts each request once: Undertow tells listeners of an async one again when it ends, which may be after the client
 * has had its answer. Thread-safe.
 */
final class DistinctRequests {
    private final Set<ServletRequest> known = Collections.newSetFromMap(new WeakHashMap<>());
    private long count;

    synchronized void add(ServletRequest request) {
        if (known.add(request)) {
            count++;
        }
    }

    synchronized long count() {
        return count;
    }
}
