package io.multistatus.equivalence.app;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * An authentication filter as apps write them: mapped to REQUEST only, binds the caller to the request and to the
 * thread, lets nobody in whose token is bad. Says in the response whether it was there, and whether something of
 * another request had been left behind.
 */
final class GateFilter implements Filter {
    static final ThreadLocal<String> CALLER = new ThreadLocal<>();

    @Override
    public void doFilter(ServletRequest req, ServletResponse res, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) req;
        HttpServletResponse response = (HttpServletResponse) res;
        response.setHeader("X-Gate", String.valueOf(request.getDispatcherType()));
        if (request.getAttribute("gate.caller") != null || request.getAttribute("handler.left") != null) {
            response.setHeader("X-Leaked-Attribute", "yes");
        }
        if (CALLER.get() != null) {
            response.setHeader("X-Leaked-Thread-Local", CALLER.get());
        }
        String token = request.getHeader("X-Token");
        if ("bad".equals(token)) {
            response.setStatus(401);
            response.setContentType("text/plain");
            response.setHeader("WWW-Authenticate", "Token realm=\"gate\"");
            response.getWriter().print("the gate is closed");
            return;
        }
        request.setAttribute("gate.caller", "caller:" + token);
        CALLER.set(String.valueOf(token));
        try {
            chain.doFilter(request, response);
        } finally {
            CALLER.remove();
        }
    }
}
