package io.multistatus.idempotency;

import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Keeps Tomcat from closing what is held back. Since 10.1 it looks for its own response through all wrappers when a request has been
 * forwarded, and nothing goes out of that afterwards ({@code suspendWrappedResponseAfterForward}).
 */
final class TomcatResponses {
    private static final String OWN = "org.apache.catalina.connector.ResponseFacade";

    private TomcatResponses() {}

    /** The same response, such that Tomcat does not find its own in it; of another container {@code response} itself. */
    static ServletResponse opaque(HttpServletResponse response) {
        ServletResponse own = response;
        while (own instanceof ServletResponseWrapper wrapper) {
            own = wrapper.getResponse();
        }
        if (!own.getClass().getName().equals(OWN)) {
            return response;
        }
        return (ServletResponse) Proxy.newProxyInstance(
                HeldResponse.class.getClassLoader(),
                new Class<?>[] {HttpServletResponse.class},
                (proxy, method, arguments) -> {
                    try {
                        return method.invoke(response, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
