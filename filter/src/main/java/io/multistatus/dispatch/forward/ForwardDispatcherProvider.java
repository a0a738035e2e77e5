package io.multistatus.dispatch.forward;

import io.multistatus.dispatch.Dispatcher;
import io.multistatus.dispatch.DispatcherProvider;
import io.multistatus.dispatch.Dispatchers;
import io.multistatus.dispatch.OuterFacts;
import io.multistatus.model.BatchException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Serves requests of every container, by {@code RequestDispatcher.forward}. Thread-safe. */
public final class ForwardDispatcherProvider implements DispatcherProvider {

    /** Says where items may go. */
    @FunctionalInterface
    public interface AllowedPaths {
        /**
         * The path within the context, canonical and percent-encoded, that a request target stands for; empty if items
         * may not go there.
         */
        Optional<String> pathInContext(String target, String contextPath);
    }

    private final AllowedPaths allowed;
    private final Dispatchers containers;

    /**
     * Forwards to {@code allowed} paths only.
     *
     * @param containers whom to ask about the outer request
     */
    public ForwardDispatcherProvider(AllowedPaths allowed, Dispatchers containers) {
        this.allowed = allowed;
        this.containers = containers;
    }

    @Override
    public Optional<Dispatcher> open(HttpServletRequest outer, Executor executor) throws BatchException {
        return open(outer, ForwardResponse.NOTHING, executor);
    }

    @Override
    public Optional<Dispatcher> open(HttpServletRequest outer, HttpServletResponse response, Executor executor)
            throws BatchException {
        OuterFacts facts = OuterFacts.of(outer, containers, executor);
        HttpServletResponse base = looksForItsOwnResponse(outer) ? response : ForwardResponse.NOTHING;
        return Optional.of(new ForwardDispatcher(outer, base, facts, allowed));
    }

    /**
     * Jetty's own servlets look for Jetty's response below all wrappers. Tomcat must not find its own there: it would
     * finish it with the first forward.
     */
    private static boolean looksForItsOwnResponse(HttpServletRequest outer) {
        return OuterFacts.innermost(outer).getClass().getName().startsWith("org.eclipse.jetty.");
    }
}
