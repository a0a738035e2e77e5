package io.multistatus.demo.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** {@code GET /api/flaky?rate=0.3}: fails that often, by chance, and asks to be tried again. */
final class FlakyServlet extends ApiServlet {
    private static final long serialVersionUID = 1L;

    @Override
    List<String> methods(List<String> segments) {
        return READ;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ProblemException, IOException {
        double rate = rate(request.getParameter("rate"));
        if (ThreadLocalRandom.current().nextDouble() < rate) {
            response.setHeader("Retry-After", "1");
            throw new ProblemException(Problem.of(503, "Out of luck", "This fails at a rate of " + rate));
        }
        Json.write(response, HttpServletResponse.SC_OK, Map.of("rate", rate));
    }

    private static double rate(String value) throws ProblemException {
        if (value == null) {
            return 0.3;
        }
        if (value.matches("0(\\.[0-9]{1,9})?|1(\\.0{1,9})?")) {
            return Double.parseDouble(value);
        }
        throw ProblemException.badParameter("rate", "must be a number from 0 to 1, not '" + value + "'");
    }
}
