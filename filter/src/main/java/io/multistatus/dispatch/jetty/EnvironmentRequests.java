package io.multistatus.dispatch.jetty;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Finds the core's request behind that of an environment. The environments of Jetty 12 have classes of their own in
 * packages of their own, of which an app sees one; they are asked by reflection, so that one class serves all of them.
 * Thread-safe.
 */
final class EnvironmentRequests {
    /** From ee10 on. */
    private static final Pattern API_REQUEST =
            Pattern.compile("org\\.eclipse\\.jetty\\.ee[0-9]+\\.servlet\\.ServletApiRequest");
    /** In ee8 and ee9, which carry the whole HTTP channel of Jetty 11 inside the core's. */
    private static final Pattern NESTED_REQUEST =
            Pattern.compile("org\\.eclipse\\.jetty\\.ee[0-9]+\\.nested\\.Request");

    /** Not a {@link ClassValue}: that would hold on to this app's classes from the container's. */
    private final Map<Class<?>, Optional<Method>> ways = new ConcurrentHashMap<>();

    /** The core's request behind {@code request}; empty if that is none of these environments'. */
    Optional<Object> findCoreRequest(Object request) {
        return ways.computeIfAbsent(request.getClass(), EnvironmentRequests::findWay)
                .map(way -> invoke(way, request));
    }

    private static Optional<Method> findWay(Class<?> requestType) {
        for (Class<?> type = requestType; type != null; type = type.getSuperclass()) {
            if (API_REQUEST.matcher(type.getName()).matches()) {
                return Optional.of(method(type, "getRequest"));
            }
            if (NESTED_REQUEST.matcher(type.getName()).matches()) {
                return Optional.of(method(type, "getCoreRequest"));
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
