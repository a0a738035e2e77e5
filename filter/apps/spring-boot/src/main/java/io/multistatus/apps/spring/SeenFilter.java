package io.multistatus.apps.spring;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.TreeSet;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Tells what a request finds when it comes in: nothing that another has left. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
class SeenFilter extends OncePerRequestFilter {

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.addHeader("X-Attributes", new TreeSet<>(Collections.list(request.getAttributeNames())).toString());
        response.addHeader("X-Context", String.valueOf(RequestContextHolder.getRequestAttributes()));
        response.addHeader(
                "X-User", String.valueOf(SecurityContextHolder.getContext().getAuthentication()));
        chain.doFilter(request, response);
    }
}
