package io.multistatus.equivalence.app;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.UnavailableException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The ways to fail, and the error pages that tell of it. */
final class ErrorHandlers {
    private ErrorHandlers() {}

    static void addTo(Routes routes) {
        routes.add("/error-page", ErrorHandlers::errorPage);
        routes.add("/error-page-404", (request, response) -> {
            response.setContentType("text/plain;charset=UTF-8");
            response.getWriter().print("nothing at " + request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI));
        });
        routes.add("/error/send", (request, response) -> {
            response.setHeader("X-Before", "yes");
            response.getWriter().print("discarded");
            int status = Integer.parseInt(request.getParameter("status"));
            if (request.getParameter("message") == null) {
                response.sendError(status);
            } else {
                response.sendError(status, request.getParameter("message"));
            }
        });
        routes.add("/error/send-then-write", (request, response) -> {
            response.sendError(410, "gone for good");
            response.setStatus(200);
            response.getWriter().print("too late");
        });
        routes.add("/error/send-after-flush", (request, response) -> {
            response.getWriter().print("already gone");
            response.flushBuffer();
            response.sendError(500, "too late");
        });
        routes.add("/error/throw", (request, response) -> {
            response.setHeader("X-Before", "yes");
            response.getWriter().print("discarded");
            raise(request.getParameter("what"));
        });
        routes.add("/error/throw-after-flush", (request, response) -> {
            response.setContentType("text/plain");
            response.getWriter().print("the first half");
            response.flushBuffer();
            raise(request.getParameter("what"));
        });
        routes.add("/error/throw-after-close", (request, response) -> {
            response.setContentType("text/plain");
            response.getWriter().print("all of it");
            response.getWriter().close();
            raise(request.getParameter("what"));
        });
    }

    private static void raise(String what) throws IOException, ServletException {
        switch (what) {
            case "runtime" -> throw new IllegalStateException("a runtime exception");
            case "io" -> throw new IOException("an I/O exception");
            case "servlet" ->
                throw new ServletException("a servlet exception", new IllegalArgumentException("its cause"));
            case "error" -> throw new AssertionError("an error");
            case "stack" -> throw new StackOverflowError("a stack overflow");
            case "paged" -> throw new PagedException();
            case "paged-cause" -> throw new ServletException(new PagedException());
            case "unavailable" -> throw new UnavailableException("back in a second", 1);
            default -> throw new IllegalArgumentException("cannot raise '" + what + "'");
        }
    }

    private static void errorPage(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain;charset=UTF-8");
        response.setHeader("X-Error-Page", "yes");
        response.getWriter()
                .print("status " + request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE)
                        + "\nmessage " + request.getAttribute(RequestDispatcher.ERROR_MESSAGE)
                        + "\nexception " + request.getAttribute(RequestDispatcher.ERROR_EXCEPTION)
                        + "\ntype " + request.getAttribute(RequestDispatcher.ERROR_EXCEPTION_TYPE)
                        + "\nuri " + request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI)
                        + "\nservlet " + request.getAttribute(RequestDispatcher.ERROR_SERVLET_NAME)
                        + "\nmethod " + request.getMethod()
                        + "\ndispatcher " + request.getDispatcherType()
                        + "\nquery " + request.getQueryString()
                        + "\ngate " + request.getAttribute("gate.caller"));
    }

    /** Has an error page of its own. */
    static final class PagedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PagedException() {
            super("with a page of its own");
        }
    }
}
