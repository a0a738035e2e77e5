package io.multistatus.demo.web;

import io.multistatus.demo.store.Reports;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code GET /admin/figures}: protected by a constraint of the container, not by a filter. */
final class AdminServlet extends ApiServlet {
    private static final long serialVersionUID = 1L;

    private final transient Reports reports;

    AdminServlet(Reports reports) {
        this.reports = reports;
    }

    @Override
    List<String> methods(List<String> segments) {
        return segments.equals(List.of("figures")) ? READ : NONE;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Json.write(
                response,
                HttpServletResponse.SC_OK,
                Map.of("user", String.valueOf(request.getRemoteUser()), "figures", reports.figures()));
    }
}
