package io.multistatus.demo.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The error page: a problem for programs, a short page for people. Says nothing of the exception, if there was one. */
final class ErrorServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    /** Any method: the failed request's. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getDispatcherType() != DispatcherType.ERROR) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        int status = (int) request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        if (wantsPage(request)) {
            writePage(response, status, request.getContextPath());
        } else {
            String uri = String.valueOf(request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI));
            Json.write(response, Problem.of(status, title(status), uri + " was answered with " + status));
        }
    }

    private static boolean wantsPage(HttpServletRequest request) {
        @Nullable Object path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        String accept = request.getHeader("Accept");
        boolean api = path != null && path.toString().startsWith(request.getContextPath() + "/api/");
        return !api && accept != null && accept.contains("text/html");
    }

    private static void writePage(HttpServletResponse response, int status, String contextPath) throws IOException {
        response.setStatus(status);
        response.setContentType("text/html;charset=utf-8");
        response.getWriter().write("""
                        <!doctype html>
                        <html lang="en">
                        <meta charset="utf-8">
                        <meta name="viewport" content="width=device-width">
                        <title>%1$d %2$s</title>
                        <link rel="stylesheet" href="%3$s/page.css">
                        <main><h1>%1$d %2$s</h1><p><a href="%3$s/">To the shop</a></p></main>
                        </html>
                        """.formatted(status, title(status), contextPath));
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad request";
            case 401 -> "Login required";
            case 403 -> "Forbidden";
            case 404 -> "Not found";
            case 405 -> "Method not allowed";
            case 500 -> "Internal error";
            case 503 -> "Unavailable";
            default -> status < 500 ? "Request refused" : "Server error";
        };
    }
}
