package io.multistatus.demo;

import static java.util.Objects.requireNonNull;

import io.multistatus.demo.store.Database;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The demo in this process, on a free port and with a database of its own, for all tests of one class. */
final class RunningDemo implements BeforeAllCallback, AfterAllCallback {
    /** What these tests are run in; each container has a run of its own. */
    static final String CONTAINER = requireNonNull(System.getProperty("demo.container"), "demo.container");

    private @Nullable DemoServer server;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Options options =
                Options.parse("--container", CONTAINER, "--port", "0", "--db", "jdbc:h2:mem:" + UUID.randomUUID());
        server = DemoServer.of(options, Database.open(options.databaseUrl()));
        server.start();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        requireNonNull(server).close();
    }

    /** Somebody with cookies of their own. */
    Visitor visitor() {
        return new Visitor(requireNonNull(server).baseUrl());
    }
}
