package io.multistatus.demo.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code GET /api/me}: who is logged in. */
final class MeServlet extends ApiServlet {
    private static final long serialVersionUID = 1L;

    @Override
    List<String> methods(List<String> segments) {
        return READ;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ProblemException, IOException {
        Json.write(response, HttpServletResponse.SC_OK, Map.of("user", Login.requiredUser(request)));
    }
}
