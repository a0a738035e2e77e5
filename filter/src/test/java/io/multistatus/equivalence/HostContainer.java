package io.multistatus.equivalence;

import java.io.IOException;
import java.util.List;

/**
 * A servlet container that runs {@link io.multistatus.equivalence.app.HostApp} on an ephemeral port of 127.0.0.1, with
 * its defaults wherever this page says nothing. What one has to do beyond the Servlet API:
 *
 * <ul>
 *   <li>the contexts {@code /app} (HostApp, and its static files as the document root) and {@code /other} (OtherApp),
 *       both installed as {@code ServletContainerInitializer}s
 *   <li>the error pages of HostApp, BASIC authentication, and the user joe with password secret in the role user
 *   <li>{@code X-Forwarded-*} headers are honoured, as behind a proxy
 *   <li>default error pages show no stack traces: those are different on every thread
 * </ul>
 *
 * Which one runs is the system property {@code host.container}: the name of a class with a constructor without
 * parameters.
 */
public interface HostContainer {

    /** The container that this test run is for; Jetty unless the build says otherwise. */
    static HostContainer ofThisRun() {
        String type = System.getProperty("host.container", "io.multistatus.equivalence.JettyEe10HostContainer");
        try {
            return Class.forName(type)
                    .asSubclass(HostContainer.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("system property host.container=" + type + " is no usable container", e);
        }
    }

    /** What it is called in test names: {@code jetty}. */
    String name();

    /** The version that really runs, as the container itself says. */
    String version();

    /** Whether the wire gives a request an answer to compare with: in time, the same each time, and as it was meant. */
    default boolean isComparable(RequestCase request) {
        return true;
    }

    /** Starts it. */
    Host start(HostOptions options) throws IOException;

    /** A running container. */
    interface Host extends AutoCloseable {
        /** Where it listens, on 127.0.0.1. */
        int port();

        /** The access log so far: a line {@code METHOD target status} for each request, written some time after it. */
        List<String> accessLog();

        /** Stops it and frees the port. */
        @Override
        void close() throws IOException;
    }
}
