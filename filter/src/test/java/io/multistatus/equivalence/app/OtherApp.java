package io.multistatus.equivalence.app;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A second application in the same container, without a batch filter of its own. */
public final class OtherApp implements ServletContainerInitializer {
    public static final String CONTEXT_PATH = "/other";

    @Override
    public void onStartup(Set<Class<?>> classes, ServletContext context) {
        ScheduledExecutorService none = Executors.newScheduledThreadPool(0);
        new Routes(context, none).add("/echo", EchoHandlers::echo, "/echo/*");
        none.shutdown();
    }
}
