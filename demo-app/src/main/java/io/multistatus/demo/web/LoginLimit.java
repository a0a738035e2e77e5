package io.multistatus.demo.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;

/**
 * Lets a client guess a few passwords a minute: each try takes a token, one that succeeds gives it back. Mapped for REQUEST
 * only, as such filters are in the wild. It knows of no batches; an item that logs in is a request to it like any other,
 * however its path is spelled.
 */
final class LoginLimit extends HttpFilter {
    /** How many passwords may be wrong in a minute. */
    static final int TRIES = 10;

    private static final long serialVersionUID = 1L;

    private final transient ClientBuckets tries = new ClientBuckets(TRIES, Duration.ofMinutes(1));

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String client = request.getRemoteAddr();
        Duration wait = tries.take(client);
        if (!wait.isZero()) {
            response.setHeader("Retry-After", ClientBuckets.retryAfter(wait));
            Json.write(
                    response, Problem.of(429, "Too many tries", "Only " + TRIES + " passwords a minute may be wrong"));
            return;
        }
        chain.doFilter(request, response);
        if (response.getStatus() < HttpServletResponse.SC_BAD_REQUEST) {
            tries.giveBack(client);
        }
    }
}
