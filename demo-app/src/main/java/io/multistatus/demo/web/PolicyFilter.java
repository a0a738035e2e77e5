package io.multistatus.demo.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * Says what pages of the shop may load: nothing from elsewhere. Other ports of the same host are no elsewhere for frames, since
 * the page runs its race by way of the delay proxies.
 */
final class PolicyFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    /** What can stand in a policy; an IPv6 address cannot. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]{1,253}");

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String host = request.getServerName();
        String frames = HOST.matcher(host).matches() ? "'self' " + host + ":*" : "'self'";
        response.setHeader(
                "Content-Security-Policy",
                "default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; frame-src " + frames
                        + "; frame-ancestors " + frames);
        // Another port's frame may get a process of its own, where drawing the race does not slow it down.
        response.setHeader("Origin-Agent-Cluster", "?1");
        chain.doFilter(request, response);
    }
}
