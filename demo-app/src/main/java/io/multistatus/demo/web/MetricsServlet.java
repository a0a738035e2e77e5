package io.multistatus.demo.web;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * {@code GET /metrics}, for this machine only: figures tell strangers how to overload a server. Whoever puts the demo behind a proxy on
 * the same machine must keep the path out there, since everybody comes from this machine then.
 */
final class MetricsServlet extends ApiServlet {
    private static final long serialVersionUID = 1L;
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final transient ShopMetrics metrics;

    MetricsServlet(ShopMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    List<String> methods(List<String> segments) {
        return segments.isEmpty() ? READ : NONE;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        if (!InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress()) {
            throw new ProblemException(
                    Problem.of(403, "Forbidden", "The metrics are for the machine that the shop runs on"));
        }
        byte[] text = metrics.text().getBytes(StandardCharsets.UTF_8);
        response.setContentType(TEXT);
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(text.length);
        response.getOutputStream().write(text);
    }
}
