package io.multistatus.demo;

import static java.util.Objects.requireNonNull;

import io.multistatus.demo.store.Database;
import java.util.ArrayList;
import java.util.List;
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
    private final List<String> more;
    private @Nullable DemoServer server;

    /** With a database of its own. */
    RunningDemo() {
        this("jdbc:h2:mem:" + UUID.randomUUID());
    }

    RunningDemo(String databaseUrl) {
        this(databaseUrl, List.of());
    }

    private RunningDemo(String databaseUrl, List<String> more) {
        this.databaseUrl = databaseUrl;
        this.more = more;
    }

    /** With a database of its own, and further options. */
    static RunningDemo with(String... options) {
        return new RunningDemo("jdbc:h2:mem:" + UUID.randomUUID(), List.of(options));
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--container", CONTAINER, "--port", "0", "--db", databaseUrl));
        arguments.addAll(more);
        Options options = Options.parse(arguments.toArray(String[]::new));
        server = DemoServer.of(options, Database.open(options.databaseUrl()));
        server.start();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        requireNonNull(server).close();
    }

    /** Somebody with cookies of their own. */
    Visitor visitor() {
        return new Visitor(server().baseUrl());
    }

    DemoServer server() {
        return requireNonNull(server);
    }
}
