package io.multistatus.standalone.app;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The servlet of an app of before: what its {@code web.xml} maps to it, by servlet path. It is packed into a WAR, so it
 * knows nothing but the Servlet API.
 */
@SuppressWarnings("serial")
public final class OldApp extends HttpServlet {

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain;charset=UTF-8");
        switch (request.getServletPath()) {
            case "/members" ->
                response.getWriter()
                        .write(request.getAuthType() + " " + request.getRemoteUser() + " "
                                + request.isUserInRole("member") + " "
                                + request.getUserPrincipal().getName());
            case "/session" -> session(request, response);
            case "/async" -> async(request);
            case "/form" -> response.getWriter().write("name=" + request.getParameter("name"));
            case "/seen" ->
                response.getWriter()
                        .write(Integer.toString(
                                SeenFilter.seen(request.getParameter("by"), request.getParameter("of"))));
            case "/fail" -> throw new IllegalStateException("the app has failed");
            case "/error" ->
                response.getWriter()
                        .write("sorry: " + request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) + " for "
                                + request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) + ", "
                                + request.getDispatcherType());
            default -> response.sendError(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    /** A POST sets what a GET tells. */
    private static void session(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getMethod().equals("POST")) {
            request.getSession().setAttribute("value", request.getParameter("value"));
        }
        Object value =
                request.getSession(false) == null ? null : request.getSession().getAttribute("value");
        response.getWriter().write("value=" + value);
    }

    private static void async(HttpServletRequest request) {
        AsyncContext async = request.startAsync();
        async.start(() -> {
            try {
                async.getResponse().getWriter().write("later");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            async.complete();
        });
    }
}
