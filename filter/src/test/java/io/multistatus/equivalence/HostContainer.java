package io.multistatus.equivalence;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A servlet container that runs {@link io.multistatus.equivalence.app.HostApp} on an ephemeral port of 127.0.0.1, with
 * its defaults wherever this page says nothing. What one has to do beyond the Servlet API:
 *
 * <ul>
 *   <li>the contexts {@code /app} (HostApp, and its static files as the document root) and {@code /other} (OtherApp),
 *       both installed as {@code ServletContainerInitializer}s
 *   <li>the error pages of HostApp, BASIC authentication, and the user joe with password secret in the role user
 *   <li>{@code X-Forwarded-*} headers are honoured, as behind a proxy, if {@link HostOptions#behindProxy}
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

    /**
     * Why a request is not compared over a protocol, in a sentence: because the wire itself gives it no answer to compare
     * with, in time, the same each time, and as it was meant. Empty for those that are.
     */
    default Optional<String> reasonToLeaveOut(RequestCase request, HostOptions.Protocol protocol) {
        return protocol == HostOptions.Protocol.HTTP_2 ? Http2LeftOut.everywhere(request) : Optional.empty();
    }

    /** Whether batches over HTTP/2 are served where {@code X-Forwarded-*} fields are honoured. */
    default boolean servesHttp2BehindProxy() {
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
