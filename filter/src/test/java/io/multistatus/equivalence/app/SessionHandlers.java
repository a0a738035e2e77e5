package io.multistatus.equivalence.app;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/** Sessions. Reading one does not change it, so that it may be read again and again. */
final class SessionHandlers {
    private SessionHandlers() {}

    static void addTo(Routes routes) {
        routes.add("/session/create", (request, response) -> {
            request.getSession().setAttribute("value", request.getParameter("value"));
            read(request, response);
        });
        routes.add("/session/read", SessionHandlers::read);
        routes.add("/session/invalidate", (request, response) -> {
            HttpSession session = request.getSession(false);
            if (session != null) {
                session.invalidate();
            }
            read(request, response);
        });
        routes.add("/session/change-id", (request, response) -> {
            String before = request.getSession().getId();
            boolean changed = !before.equals(request.changeSessionId());
            text(response, "changed: " + changed);
        });
        routes.add("/session/encode", (request, response) -> {
            request.getSession();
            text(response, response.encodeURL("/app/session/read") + " " + response.encodeRedirectURL("read?a=b"));
        });
        routes.add("/session/too-late", (request, response) -> {
            text(response, "already gone");
            response.flushBuffer();
            request.getSession();
        });
    }

    private static void read(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession(false);
        text(
                response,
                "value " + (session == null ? "of no session" : session.getAttribute("value"))
                        + "\nnew " + (session != null && session.isNew())
                        + "\nfrom cookie " + request.isRequestedSessionIdFromCookie()
                        + "\nfrom URL " + request.isRequestedSessionIdFromURL()
                        + "\nvalid " + request.isRequestedSessionIdValid()
                        + "\nsame id " + (session != null && session.getId().equals(request.getRequestedSessionId())));
    }

    private static void text(HttpServletResponse response, String text) throws IOException {
        response.setContentType("text/plain");
        response.getWriter().print(text);
    }
}
