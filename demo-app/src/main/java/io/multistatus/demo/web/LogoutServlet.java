package io.multistatus.demo.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;

/** {@code POST /logout}. */
final class LogoutServlet extends ApiServlet {
    private static final long serialVersionUID = 1L;

    @Override
    List<String> methods(List<String> segments) {
        return WRITE;
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        Login.end(request);
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }
}
