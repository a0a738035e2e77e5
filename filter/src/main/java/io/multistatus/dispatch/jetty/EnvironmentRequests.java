package io.multistatus.dispatch.jetty;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Finds the core's request behind that of an environment. Each environment of Jetty 12 has classes of its own in packages
 * of its own, of which an app sees one; they are asked by reflection, so that one class serves all of them. Thread-safe.
 */
final class EnvironmentRequests {
    /** The class of the request by its environment, and the method that leads to the core. */
    private static final Map<Pattern, String> WAYS = Map.of(
            // ee10 and later
            Pattern.compile("org\\.eclipse\\.jetty\\.ee[0-9]+\\.servlet\\.ServletApiRequest"),
            "getRequest",
            // ee8 and ee9
            Pattern.compile("org\\.eclipse\\.jetty\\.ee[0-9]+\\.nested\\.Request"),
            "getCoreRequest");

    /** Not a {@link ClassValue}: that would hold on to this app's classes from the container's. */
    private final Map<Class<?>, Optional<Method>> ways = new ConcurrentHashMap<>();

    /** The core's request behind {@code request}; empty if that is none of Jetty's. */
    Optional<Object> findCoreRequest(Object request) {
        return ways.computeIfAbsent(request.getClass(), EnvironmentRequests::findWay)
                .map(way -> invoke(way, request));
    }

    private static Optional<Method> findWay(Class<?> requestType) {
        for (Class<?> type = requestType; type != null; type = type.getSuperclass()) {
            for (Map.Entry<Pattern, String> way : WAYS.entrySet()) {
                if (way.getKey().matcher(type.getName()).matches()) {
                    return Optional.of(method(type, way.getValue()));
                }
            }
        }
        return Optional.empty();
    }

    private static Method method(Class<?> type, String name) {
        try {
            return type.getMethod(name);
        } catch (NoSuchMethodException e) {
            throw new NoSuchMethodError(type.getName() + '.' + name + "() is not there");
        }
    }

    private static Object invoke(Method method, Object request) {
        try {
            return method.invoke(request);
        } catch (IllegalAccessException e) {
            throw new IllegalAccessError(e.getMessage());
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("Jetty does not tell its core's request", e.getCause());
        }
    }
}
