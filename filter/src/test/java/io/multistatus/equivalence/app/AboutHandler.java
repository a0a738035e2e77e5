package io.multistatus.equivalence.app;

import io.multistatus.dispatch.Dispatchers;
import io.multistatus.equivalence.VirtualThreads;
import io.multistatus.model.BatchException;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Tells what the app runs on. */
final class AboutHandler {
    private static final Dispatchers DISPATCHERS = Dispatchers.load();

    private AboutHandler() {}

    static void addTo(Routes routes) {
        routes.add("/about", AboutHandler::about);
    }

    private static void about(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ServletContext context = request.getServletContext();
        response.setContentType("text/plain");
        response.getWriter()
                .print("server: " + context.getServerInfo()
                        + "\nservlet API: " + context.getMajorVersion() + "." + context.getMinorVersion()
                        + "\nfilter: " + Filter.class.getName()
                        + "\ndispatcher: " + dispatcher(request, response)
                        + "\njava: " + Runtime.version().feature()
                        + "\nvirtual thread: " + VirtualThreads.isCurrent());
    }

    /** Found as the filter finds it for a batch. */
    private static String dispatcher(HttpServletRequest request, HttpServletResponse response) {
        try {
            return DISPATCHERS
                    .open(request, response, Runnable::run)
                    .capabilities()
                    .name();
        } catch (BatchException e) {
            return "none: " + e.getMessage();
        }
    }
}
