package io.multistatus.dispatch.tomcat;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.apache.coyote.Request;
import org.jspecify.annotations.Nullable;

/**
 * What a request of Tomcat 9 does not have, or has in another way: called by name, so that the javax build needs nothing
 * that is not there.
 */
final class SinceServlet6 {
    private static final @Nullable MethodHandle START_NANOS = find("setStartTimeNanos", void.class, long.class);
    private static final @Nullable MethodHandle START_MILLIS =
            START_NANOS == null ? find("setStartTime", void.class, long.class) : null;

    private SinceServlet6() {}

    /** Says that {@code request} begins now. */
    static void markStart(Request request) {
        try {
            if (START_NANOS != null) {
                START_NANOS.invoke(request, System.nanoTime());
            } else if (START_MILLIS != null) {
                START_MILLIS.invoke(request, System.currentTimeMillis());
            }
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The {@code ServletConnection} of {@code request}; null before Servlet 6. */
    static @Nullable Object connection(Request request) {
        try {
            return request.getClass().getMethod("getServletConnection").invoke(request);
        } catch (NoSuchMethodException e) {
            return null;
        } catch (ReflectiveOperationException e) {
            throw unexpected(e);
        }
    }

    private static @Nullable MethodHandle find(String name, Class<?> result, Class<?> parameter) {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(Request.class, name, MethodType.methodType(result, parameter));
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return null;
        }
    }

    private static LinkageError unexpected(Throwable cause) {
        LinkageError error = new IncompatibleClassChangeError("A request of Tomcat is not what it was: " + cause);
        error.initCause(cause);
        return error;
    }
}
