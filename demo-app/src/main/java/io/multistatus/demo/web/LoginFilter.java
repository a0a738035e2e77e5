package io.multistatus.demo.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Lets nobody through who is not logged in. Mapped for REQUEST only, as such filters are in the wild. */
final class LoginFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (Login.user(request) == null) {
            Json.write(response, Login.unauthorized());
        } else {
            chain.doFilter(request, response);
        }
    }
}
