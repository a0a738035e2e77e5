package io.multistatus.dispatch.undertow;

import io.undertow.server.HttpHandler;
import io.undertow.server.ServerConnection;
import io.undertow.server.handlers.ResponseCodeHandler;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.server.protocol.http2.Http2ServerConnection;
import java.lang.reflect.Field;
import java.util.Optional;

/** Finds the handler that a connection gives its requests to: the first of all, in front of every deployment. */
final class RootHandlers {
    private RootHandlers() {}

    /**
     * Finds it.
     *
     * @return empty for kinds of connections that items cannot be modelled on, AJP for one, whose front end says of each
     *     request where it came from
     */
    static Optional<HttpHandler> of(ServerConnection connection) {
        if (ItemConnection.carries(connection)) {
            // The batch is nested, so it will be refused, and nothing dispatched.
            return Optional.of(ResponseCodeHandler.HANDLE_500);
        }
        if (connection instanceof HttpServerConnection http) {
            return Optional.ofNullable(http.getRootHandler());
        }
        if (connection instanceof Http2ServerConnection http2) {
            return Optional.ofNullable(privateRootHandler(http2));
        }
        return Optional.empty();
    }

    private static HttpHandler privateRootHandler(Http2ServerConnection connection) {
        try {
            Field field = Http2ServerConnection.class.getDeclaredField("rootHandler");
            field.setAccessible(true);
            return (HttpHandler) field.get(connection);
        } catch (NoSuchFieldException | IllegalAccessException e) {
            throw new IncompatibleClassChangeError("Http2ServerConnection has no field rootHandler: " + e);
        }
    }
}
