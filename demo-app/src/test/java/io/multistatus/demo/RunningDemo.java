package io.multistatus.demo;

import static java.util.Objects.requireNonNull;

import io.multistatus.demo.store.Database;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The demo in this process, on a free port, for all tests of one class. */
final class RunningDemo implements BeforeAllCallback, AfterAllCallback {
    /** What these tests are run in; each container has a run of its own. */
    static final String CONTAINER = requireNonNull(System.getProperty("demo.container"), "demo.container");

    private final String databaseUrl;
    private @Nullable DemoServer server;

    /** With a database of its own. */
    RunningDemo() {
        this("jdbc:h2:mem:" + UUID.randomUUID());
    }

    RunningDemo(String databaseUrl) {
        this.databaseUrl = databaseUrl;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Options options = Options.parse("--container", CONTAINER, "--port", "0", "--db", databaseUrl);
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
