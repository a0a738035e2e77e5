package io.multistatus.demo.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;

/** {@code GET /api/boom}: a bug. */
final class BoomServlet extends ApiServlet {
    private static final long serialVersionUID = 1L;

    @Override
    List<String> methods(List<String> segments) {
        return READ;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        throw new IllegalStateException("boom, as asked for");
    }
}
