package io.multistatus.equivalence.app;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.ScheduledExecutorService;

/** Registers handlers as servlets, each named after its first mapping. */
final class Routes {
    private final ServletContext context;
    private final ScheduledExecutorService threads;

    Routes(ServletContext context, ScheduledExecutorService threads) {
        this.context = context;
        this.threads = threads;
    }

    /** Threads of the app's own, for what it does off the container's. */
    ScheduledExecutorService threads() {
        return threads;
    }

    ServletRegistration.Dynamic add(String mapping, Handler handler, String... moreMappings) {
        ServletRegistration.Dynamic servlet = add(mapping, new HandlerServlet(handler));
        servlet.addMapping(moreMappings);
        return servlet;
    }

    ServletRegistration.Dynamic add(String mapping, HttpServlet servlet) {
        ServletRegistration.Dynamic registration = context.addServlet(mapping, servlet);
        registration.addMapping(mapping);
        registration.setAsyncSupported(true);
        return registration;
    }

    private static final class HandlerServlet extends HttpServlet {
        private final transient Handler handler;

        private HandlerServlet(Handler handler) {
            this.handler = handler;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            handler.handle(request, response);
        }
    }
}
