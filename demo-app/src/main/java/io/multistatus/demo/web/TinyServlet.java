package io.multistatus.demo.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code GET /api/tiny}: as little as a resource can do, to measure what surrounds it. */
final class TinyServlet extends ApiServlet {
    private static final long serialVersionUID = 1L;
    private static final byte[] BODY = "{\"ok\":true}".getBytes(StandardCharsets.US_ASCII);

    @Override
    List<String> methods(List<String> segments) {
        return READ;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType(Json.MEDIA_TYPE);
        response.setContentLength(BODY.length);
        response.getOutputStream().write(BODY);
    }
}
