package io.multistatus.dispatch.jetty;

import java.lang.reflect.InvocationTargetException;
import org.jspecify.annotations.Nullable;

/**
 * Recognises items where Jetty hides its classes from the app: by reflection and by names only, as
 * {@link VirtualConnection#carries} does where they can be seen. Loads none of Jetty's classes.
 */
final class HiddenItems {
    private static final String REQUEST = "org.eclipse.jetty.server.Request";
    private static final String CONNECTION_WRAPPER = "org.eclipse.jetty.server.ConnectionMetaData$Wrapper";
    private static final String OURS = HiddenItems.class.getPackageName() + ".VirtualConnection";

    private HiddenItems() {}

    /** Whether the core's request {@code coreRequest} came on the connection of a batch. */
    static boolean contains(Object coreRequest) {
        Object connection = call(coreRequest, REQUEST, "getConnectionMetaData");
        while (connection != null) {
            if (connection.getClass().getName().equals(OURS)) {
                return true;
            }
            connection = call(connection, CONNECTION_WRAPPER, "getWrapped");
        }
        return false;
    }

    /** What a method says that {@code type} declares; null if {@code target} is not of that type. */
    private static @Nullable Object call(Object target, String type, String method) {
        Class<?> declaring = find(target.getClass(), type);
        if (declaring == null) {
            return null;
        }
        try {
            return declaring.getMethod(method).invoke(target);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new IllegalStateException("Jetty's " + type + " has no method " + method + " to ask", e);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("Jetty does not tell " + method, e.getCause());
        }
    }

    private static @Nullable Class<?> find(@Nullable Class<?> in, String name) {
        if (in == null || in.getName().equals(name)) {
            return in;
        }
        for (Class<?> each : in.getInterfaces()) {
            Class<?> found = find(each, name);
            if (found != null) {
                return found;
            }
        }
        return find(in.getSuperclass(), name);
    }
}
