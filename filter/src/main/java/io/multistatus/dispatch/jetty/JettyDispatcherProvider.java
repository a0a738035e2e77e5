package io.multistatus.dispatch.jetty;

import io.multistatus.dispatch.Dispatcher;
import io.multistatus.dispatch.DispatcherProvider;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.eclipse.jetty.ee10.servlet.ServletApiRequest;
import org.eclipse.jetty.server.Request;

/** Recognises the requests of Jetty 12.0 and 12.1, environment ee10. Thread-safe. */
public final class JettyDispatcherProvider implements DispatcherProvider {

    @Override
    public Optional<Dispatcher> open(HttpServletRequest outer, Executor executor) {
        ServletRequest request = outer;
        while (request instanceof ServletRequestWrapper wrapper) {
            request = wrapper.getRequest();
        }
        if (!(request instanceof ServletApiRequest servletRequest)) {
            return Optional.empty();
        }
        // The innermost request: customizers and handlers that wrapped it will wrap the items again.
        return Optional.of(new JettyDispatcher(Request.unWrap(servletRequest.getRequest())));
    }
}
