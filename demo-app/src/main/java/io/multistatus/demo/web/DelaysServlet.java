package io.multistatus.demo.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * {@code GET /api/delays}: the port of the shop, and those by which it is further away. Ports only, since the page may know the host by
 * another name; cookies are those of the host, whatever the port.
 */
final class DelaysServlet extends ApiServlet {
    private static final long serialVersionUID = 1L;

    private final transient Supplier<List<Delay>> delays;

    DelaysServlet(Supplier<List<Delay>> delays) {
        this.delays = delays;
    }

    @Override
    List<String> methods(List<String> segments) {
        return READ;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        // Whatever port it came in by, this is where it has arrived.
        int port = request.getLocalPort();
        Json.write(response, HttpServletResponse.SC_OK, Map.of("port", port, "delays", delays.get()));
    }
}
