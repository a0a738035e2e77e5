package io.multistatus.equivalence;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.ServletSecurityElement;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Has the constraints of an app's servlets on Jetty: an embedded context has no servlet handler that knows it yet while its
 * initializers run, and then {@code ServletRegistration.Dynamic.setServletSecurity} does nothing and does not say so. Those
 * of web apps are not concerned.
 */
final class ConstrainedApp implements ServletContainerInitializer {
    private final ServletContainerInitializer app;
    private final BiFunction<ServletRegistration.Dynamic, ServletSecurityElement, Set<String>> constraints;

    /**
     * The same app.
     *
     * @param constraints the context's {@code setServletSecurity}, to be called in place of the registration's
     */
    ConstrainedApp(
            ServletContainerInitializer app,
            BiFunction<ServletRegistration.Dynamic, ServletSecurityElement, Set<String>> constraints) {
        this.app = app;
        this.constraints = constraints;
    }

    @Override
    public void onStartup(Set<Class<?>> classes, ServletContext context) throws ServletException {
        app.onStartup(classes, proxy(ServletContext.class, (proxy, method, arguments) -> {
            Object result = call(context, method, arguments);
            return result instanceof ServletRegistration.Dynamic servlet
                            && method.getName().equals("addServlet")
                    ? constrained(servlet)
                    : result;
        }));
    }

    private ServletRegistration.Dynamic constrained(ServletRegistration.Dynamic servlet) {
        return proxy(
                ServletRegistration.Dynamic.class,
                (proxy, method, arguments) -> method.getName().equals("setServletSecurity")
                        ? constraints.apply(servlet, (ServletSecurityElement) arguments[0])
                        : call(servlet, method, arguments));
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler calls) {
        return type.cast(Proxy.newProxyInstance(ConstrainedApp.class.getClassLoader(), new Class<?>[] {type}, calls));
    }
}
