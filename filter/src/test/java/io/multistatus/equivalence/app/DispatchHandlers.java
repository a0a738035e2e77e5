package io.multistatus.equivalence.app;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The host's own use of RequestDispatcher. */
final class DispatchHandlers {
    private DispatchHandlers() {}

    static void addTo(Routes routes) {
        routes.add("/dispatch/forward", (request, response) -> {
            response.getWriter().print("discarded");
            request.getRequestDispatcher(request.getParameter("to")).forward(request, response);
        });
        routes.add("/dispatch/forward-late", (request, response) -> {
            response.getWriter().print("already gone");
            response.flushBuffer();
            request.getRequestDispatcher("/dispatch/target").forward(request, response);
        });
        routes.add("/dispatch/include", (request, response) -> {
            response.setContentType("text/plain");
            response.getWriter().print("[");
            request.getRequestDispatcher(request.getParameter("to")).include(request, response);
            response.getWriter().print("] status " + response.getStatus());
        });
        routes.add(
                "/dispatch/named",
                (request, response) -> request.getServletContext()
                        .getNamedDispatcher("/dispatch/target")
                        .forward(request, response));
        routes.add("/dispatch/other-context", (request, response) -> {
            response.setContentType("text/plain");
            response.getWriter()
                    .print("sees the other context: "
                            + (request.getServletContext().getContext(OtherApp.CONTEXT_PATH) != null));
        });
        routes.add("/dispatch/target", DispatchHandlers::target);
    }

    private static void target(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setStatus(203);
        response.setHeader("X-Target", "yes");
        response.setContentType("text/plain");
        response.getWriter()
                .print("target as " + request.getDispatcherType()
                        + "\nuri " + request.getRequestURI()
                        + "\nquery " + request.getQueryString()
                        + "\nparameter a " + request.getParameter("a")
                        + "\nforwarded from " + request.getAttribute(RequestDispatcher.FORWARD_REQUEST_URI)
                        + "\nincluded as " + request.getAttribute(RequestDispatcher.INCLUDE_REQUEST_URI)
                        + "\n");
    }
}
