package io.multistatus.dispatch.undertow;

import io.undertow.UndertowOptions;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.BadRequestException;
import io.undertow.util.Cookies;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import org.xnio.OptionMap;

/**
 * Undertow's own parser of HTTP/1 requests, whichever this version has. What targets and fields it refuses, and how it
 * decodes what it takes, has changed more than once within 2.3, and decides which handler and which security constraint a
 * request meets: an item must be read by the same code as a request on the wire. That code is not public, so it is
 * called by reflection. Thread-safe.
 */
final class RequestParser {
    private static final Internals INTERNALS = Internals.find();

    private final Object parser;
    private final int maxHeaderBytes;

    RequestParser(OptionMap options) {
        try {
            parser = INTERNALS.newParser.invoke(null, options);
        } catch (ReflectiveOperationException e) {
            throw Internals.unknown(e);
        }
        maxHeaderBytes = options.get(UndertowOptions.MAX_HEADER_SIZE, UndertowOptions.DEFAULT_MAX_HEADER_SIZE);
    }

    /**
     * Reads request line and fields into an exchange.
     *
     * @param readBytes how much to read at a time, as a connection reads from its socket by the buffer
     * @throws BadRequestException if the wire would have answered 400 without asking any handler
     */
    void parse(ByteBuffer head, int readBytes, HttpServerExchange exchange) throws BadRequestException {
        int length = head.remaining();
        try {
            Object state = INTERNALS.newState();
            for (int read = 0; read < length && !INTERNALS.isComplete(state); ) {
                read = Math.min(length, read + readBytes);
                head.limit(read);
                INTERNALS.handle.invoke(parser, head, state, exchange);
            }
            if (!INTERNALS.isComplete(state) || head.position() < length) {
                throw new BadRequestException("The request's head does not end where it should");
            }
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            // Whatever the parser throws, BadRequestException or not, is a 400 on the wire.
            throw new BadRequestException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw Internals.unknown(e);
        }
        if (length > maxHeaderBytes) {
            throw new BadRequestException(
                    "The request's head has " + length + " bytes, more than MAX_HEADER_SIZE = " + maxHeaderBytes);
        }
        if (!Cookies.isCrumbsAssemplyDisabled()) {
            Cookies.assembleCrumbs(exchange.getRequestHeaders());
        }
    }

    /** The members of either parser. */
    private record Internals(Method newParser, Method handle, Constructor<?> stateConstructor, Method stateIsComplete) {
        private static final String PACKAGE = "io.undertow.server.protocol.http.";

        static Internals find() {
            try {
                return find("RequestParser", "RequestState");
            } catch (ClassNotFoundException newerThanThis) {
                try {
                    return find("HttpRequestParser", "ParseState", int.class);
                } catch (ReflectiveOperationException e) {
                    throw unknown(e);
                }
            } catch (ReflectiveOperationException e) {
                throw unknown(e);
            }
        }

        private static Internals find(String parserName, String stateName, Class<?>... stateParameters)
                throws ReflectiveOperationException {
            ClassLoader loader = HttpServerExchange.class.getClassLoader();
            Class<?> parser = Class.forName(PACKAGE + parserName, true, loader);
            Class<?> state = Class.forName(PACKAGE + stateName, true, loader);
            Method newParser = parser.getDeclaredMethod("instance", OptionMap.class);
            Method handle = parser.getDeclaredMethod("handle", ByteBuffer.class, state, HttpServerExchange.class);
            Constructor<?> stateConstructor = state.getDeclaredConstructor(stateParameters);
            Method isComplete = state.getDeclaredMethod("isComplete");
            newParser.setAccessible(true);
            handle.setAccessible(true);
            stateConstructor.setAccessible(true);
            isComplete.setAccessible(true);
            return new Internals(newParser, handle, stateConstructor, isComplete);
        }

        Object newState() throws ReflectiveOperationException {
            // The older state wants to know how many field values it may remember from one request to the next.
            return stateConstructor.getParameterCount() == 0
                    ? stateConstructor.newInstance()
                    : stateConstructor.newInstance(0);
        }

        boolean isComplete(Object state) throws ReflectiveOperationException {
            return (boolean) stateIsComplete.invoke(state);
        }

        /** The dispatcher is for another version, which is what Dispatchers takes LinkageErrors for. */
        static LinkageError unknown(ReflectiveOperationException e) {
            return new IncompatibleClassChangeError("Undertow's request parser is not one of those known: " + e);
        }
    }
}
