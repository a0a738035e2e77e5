package io.multistatus.demo.web;

import io.multistatus.demo.store.StoreException;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/** Answers problems as JSON. A resource has the methods it implements; any other is a 405 that names them. */
abstract class ApiServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    static final List<String> READ = List.of("GET", "HEAD");
    static final List<String> WRITE = List.of("POST");
    static final List<String> READ_AND_ADD = List.of("GET", "HEAD", "POST");
    static final List<String> READ_AND_REPLACE = List.of("GET", "HEAD", "PUT");
    static final List<String> NONE = List.of();

    /** The methods of the resource at this path below the servlet's own; none if there is no such resource. */
    abstract List<String> methods(List<String> segments);

    @Override
    protected final void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        List<String> methods = methods(segments(request));
        String method = request.getMethod();
        try {
            if (methods.isEmpty()) {
                throw ProblemException.notFound("resource " + request.getRequestURI());
            }
            if (!methods.contains(method)) {
                response.setHeader("Allow", String.join(", ", methods));
                throw new ProblemException(Problem.of(
                        405, "Method not allowed", request.getRequestURI() + " has " + methods + ", not " + method));
            }
            super.service(request, response);
        } catch (ProblemException e) {
            Json.write(response, e.problem());
        } catch (StoreException e) {
            if (!e.mayPass()) {
                throw e;
            }
            response.setHeader("Retry-After", "1");
            Json.write(response, Problem.of(503, "Busy", "Too many are at it; try again"));
        }
    }

    /** The segments of the path behind the servlet's own, none for the servlet's own path. */
    static List<String> segments(HttpServletRequest request) {
        String path = request.getPathInfo();
        return path == null || path.equals("/")
                ? List.of()
                : List.of(path.substring(1).split("/", -1));
    }

    /** The number that a segment is, or -1, which nothing has, if it is none. */
    static int id(String segment) {
        return segment.matches("[0-9]{1,9}") ? Integer.parseInt(segment) : -1;
    }

    /** A parameter that is a whole number, or {@code absent} if it is not there. */
    static int parameter(HttpServletRequest request, String name, int min, int max, int absent)
            throws ProblemException {
        String value = request.getParameter(name);
        if (value == null) {
            return absent;
        }
        if (value.matches("[0-9]{1,9}")) {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        }
        throw ProblemException.badParameter(
                name, "must be a whole number from " + min + " to " + max + ", not '" + value + "'");
    }

    /** 201 with the URL of what has been made. */
    static void created(HttpServletRequest request, HttpServletResponse response, String path, Object value)
            throws IOException {
        response.setHeader("Location", request.getContextPath() + path);
        Json.write(response, HttpServletResponse.SC_CREATED, value);
    }
}
