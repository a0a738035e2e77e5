package io.multistatus.standalone.app;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A filter of the app's own, for {@code REQUEST} only: counts the requests by their query, under its own name. */
public final class SeenFilter implements Filter {
    private static final Map<String, Integer> SEEN = new ConcurrentHashMap<>();

    private String name = "";

    /** How many requests that the filter of that name has seen had {@code tag=} that tag for a query. */
    static int seen(String name, String tag) {
        return SEEN.getOrDefault(name + " tag=" + tag, 0);
    }

    @Override
    public void init(FilterConfig config) {
        name = config.getFilterName();
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String query = ((HttpServletRequest) request).getQueryString();
        if (query != null) {
            SEEN.merge(name + " " + query, 1, Integer::sum);
        }
        chain.doFilter(request, response);
    }

    @Override
    public void destroy() {}
}
