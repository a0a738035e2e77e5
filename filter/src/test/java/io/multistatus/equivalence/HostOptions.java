package io.multistatus.equivalence;

import io.multistatus.BatchFilter;
import io.multistatus.equivalence.app.HostApp;
import java.util.Map;

/**
 * How a host is to run.
 *
 * @param app the application of the context {@code /app}
 * @param tls whether the port speaks TLS
 * @param maxThreads how many threads the container's pool has at most; 0 for the container's default
 */
public record HostOptions(HostApp app, boolean tls, int maxThreads) {

    /** A plain HTTP host with a batch filter that has these init-params. */
    public static HostOptions with(Map<String, String> initParams) {
        return new HostOptions(new HostApp(new BatchFilter(), initParams), false, 0);
    }

    /** The same, over TLS. */
    public HostOptions overTls() {
        return new HostOptions(app, true, maxThreads);
    }

    /** The same, with a thread pool that small. */
    public HostOptions withMaxThreads(int threads) {
        return new HostOptions(app, tls, threads);
    }
}
