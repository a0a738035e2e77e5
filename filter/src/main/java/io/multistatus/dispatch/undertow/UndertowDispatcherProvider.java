package io.multistatus.dispatch.undertow;

import io.multistatus.dispatch.Dispatcher;
import io.multistatus.dispatch.DispatcherProvider;
import io.undertow.server.HttpServerExchange;
import io.undertow.servlet.spec.HttpServletRequestImpl;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Recognises the requests of Undertow 2.3 that came over HTTP/1 or HTTP/2. Thread-safe. */
public final class UndertowDispatcherProvider implements DispatcherProvider {

    @Override
    public Optional<Dispatcher> open(HttpServletRequest outer, Executor executor) {
        ServletRequest request = outer;
        while (request instanceof ServletRequestWrapper wrapper) {
            request = wrapper.getRequest();
        }
        if (!(request instanceof HttpServletRequestImpl servletRequest)) {
            return Optional.empty();
        }
        HttpServerExchange exchange = servletRequest.getExchange();
        // Without the handlers in front of the deployments an item would pass less than a request on the wire does.
        return RootHandlers.of(exchange.getConnection())
                .map(root -> new UndertowDispatcher(new OuterConnection(exchange, root, executor), exchange));
    }
}
