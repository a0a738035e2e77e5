package io.multistatus.dispatch.jetty;

import io.multistatus.dispatch.Dispatcher;
import io.multistatus.dispatch.DispatcherProvider;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.eclipse.jetty.server.Request;

/** Recognises the requests of Jetty 12.0 and 12.1, whichever environment the app is in. Thread-safe. */
public final class JettyDispatcherProvider implements DispatcherProvider {
    private final EnvironmentRequests environments = new EnvironmentRequests();

    @Override
    public Optional<Dispatcher> open(HttpServletRequest outer, Executor executor) {
        ServletRequest request = outer;
        while (request instanceof ServletRequestWrapper wrapper) {
            request = wrapper.getRequest();
        }
        // The innermost request: customizers and handlers that wrapped it will wrap the items again.
        return environments.findCoreRequest(request).map(core -> new JettyDispatcher(Request.unWrap((Request) core)));
    }

    @Override
    public boolean isItem(HttpServletRequest request) {
        return environments
                .findCoreRequest(request)
                .filter(HiddenItems::contains)
                .isPresent();
    }
}
