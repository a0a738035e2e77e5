package io.multistatus.demo;

import org.slf4j.bridge.SLF4JBridgeHandler;

/** One log for all, by SLF4J, whichever container writes to it. */
final class Logging {
    private Logging() {}

    /** Passes on what Tomcat and Undertow log by {@code java.util.logging}, from now on and in the whole process. */
    static void collect() {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }
}
