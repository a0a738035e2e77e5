package io.multistatus.demo.web;

import io.multistatus.demo.store.Database;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code GET /health}: 200 if the shop can work, 503 if it cannot reach its database. */
final class HealthServlet extends ApiServlet {
    private static final long serialVersionUID = 1L;

    private final transient Database database;

    HealthServlet(Database database) {
        this.database = database;
    }

    @Override
    List<String> methods(List<String> segments) {
        return READ;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean up = database.isUp();
        response.setHeader("Cache-Control", "no-store");
        Json.write(
                response,
                up ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                Map.of("status", up ? "up" : "down", "database", up ? "up" : "down"));
    }
}
