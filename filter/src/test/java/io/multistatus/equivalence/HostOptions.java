package io.multistatus.equivalence;

import io.multistatus.BatchFilter;
import io.multistatus.equivalence.app.HostApp;
import jakarta.servlet.ServletContainerInitializer;
import java.util.Map;

/**
 * How a host is to run.
 *
 * @param app the application of the context {@code /app}
 * @param protocol what the port speaks
 * @param behindProxy whether {@code X-Forwarded-*} fields are honoured
 * @param virtualThreads whether requests run on virtual threads
 * @param maxThreads how many threads the container's pool has at most; 0 for the container's default
 */
public record HostOptions(
        ServletContainerInitializer app,
        Protocol protocol,
        boolean behindProxy,
        boolean virtualThreads,
        int maxThreads) {

    /** What the port of a host speaks. */
    public enum Protocol {
        HTTP_1_1("HTTP/1.1"),
        /** With whatever certificate a client may have, and without. */
        TLS("TLS"),
        /** HTTP/1.1 as well. */
        HTTP_2("HTTP/2");

        private final String title;

        Protocol(String title) {
            this.title = title;
        }

        @Override
        public String toString() {
            return title;
        }
    }

    /**
     * A plain HTTP host with a batch filter that has these init-params; its requests run on virtual threads if the system
     * property {@code host.virtualThreads} is true.
     */
    public static HostOptions with(Map<String, String> initParams) {
        return running(new HostApp(new BatchFilter(), initParams));
    }

    /** The same with another application in place of HostApp. */
    public static HostOptions running(ServletContainerInitializer app) {
        return new HostOptions(app, Protocol.HTTP_1_1, true, Boolean.getBoolean("host.virtualThreads"), 0);
    }

    /** Whether the port speaks TLS. */
    public boolean tls() {
        return protocol == Protocol.TLS;
    }

    /** Whether the port speaks HTTP/2, in clear text. */
    public boolean http2() {
        return protocol == Protocol.HTTP_2;
    }

    /** The same, over TLS. */
    public HostOptions overTls() {
        return new HostOptions(app, Protocol.TLS, behindProxy, virtualThreads, maxThreads);
    }

    /** The same, over HTTP/2. */
    public HostOptions overHttp2() {
        return new HostOptions(app, Protocol.HTTP_2, behindProxy, virtualThreads, maxThreads);
    }

    /** The same, without a proxy in front. */
    public HostOptions withoutProxy() {
        return new HostOptions(app, protocol, false, virtualThreads, maxThreads);
    }

    /** The same, with a thread pool that small, of platform threads. */
    public HostOptions withMaxThreads(int threads) {
        return new HostOptions(app, protocol, behindProxy, false, threads);
    }
}
