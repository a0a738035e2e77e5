package io.multistatus.demo.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code GET /api/slow?ms=N}: blocks its thread for that long, as a slow query does. */
final class SlowServlet extends ApiServlet {
    private static final long serialVersionUID = 1L;
    private static final int MAX_MILLIS = 60_000;

    @Override
    List<String> methods(List<String> segments) {
        return READ;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ProblemException, IOException {
        int millis = parameter(request, "ms", 0, MAX_MILLIS, 1000);
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(Problem.of(503, "Interrupted", "The server is stopping"));
        }
        Json.write(response, HttpServletResponse.SC_OK, Map.of("sleptMillis", millis));
    }
}
