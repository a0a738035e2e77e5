package io.multistatus.clients;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A demo for each container, started when it is first asked for and shared by all tests. */
final class RunningDemos implements BeforeAllCallback {
    private ExtensionContext.@Nullable Store demos;

    @Override
    public void beforeAll(ExtensionContext context) {
        // What the root's store holds is closed when all tests have ended.
        demos = context.getRoot().getStore(ExtensionContext.Namespace.create(RunningDemos.class));
    }

    /** The one in {@code container}. */
    RunningDemo in(String container) {
        return requireNonNull(demos).computeIfAbsent(container, RunningDemo::start, RunningDemo.class);
    }
}
