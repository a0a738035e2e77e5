package io.multistatus;

import io.multistatus.idempotency.IdempotencyStore;
import io.multistatus.idempotency.KeyedRequests;
import io.multistatus.idempotency.Scopes;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Makes requests safe to repeat: one with an {@code Idempotency-Key} (draft-ietf-httpapi-idempotency-key-header) runs once, and
 * whoever sends it again is given the answer that it had. Items of batches too, each of which is a request.
 *
 * <p>Map it to what changes things, for {@code REQUEST} and {@code ASYNC}, with async supported, behind whatever authenticates
 * users: the answer is given to nobody else. It needs no {@link BatchFilter}, and stands behind it where there is one.
 * Thread-safe.
 */
public final class IdempotencyFilter implements Filter {
    private final @Nullable IdempotencyConfig given;
    private @Nullable ServletContext context;
    private @Nullable IdempotencyStore store;
    private volatile @Nullable KeyedRequests requests;

    /** A filter that is configured by its init-params, which have the names of {@link IdempotencyConfig}'s settings. */
    public IdempotencyFilter() {
        this.given = null;
    }

    /** A filter that is configured by {@code config}; init-params are not looked at. */
    public IdempotencyFilter(IdempotencyConfig config) {
        this.given = config;
    }

    /**
     * Reads the configuration and opens the store.
     *
     * @throws ServletException if an init-param is unknown or has an impossible value; the message names it
     */
    @Override
    public void init(FilterConfig filterConfig) throws ServletException {
        try {
            IdempotencyConfig config = given == null ? IdempotencyInitParams.read(filterConfig) : given;
            IdempotencyStore opened = config.newStore();
            store = opened;
            requests = new KeyedRequests(
                    opened, new Scopes(config.credentialHeaders()), config.maxResponseBytes(), config.transactional());
            context = filterConfig.getServletContext();
            ServedKeys.add(this, filterConfig);
        } catch (InvalidConfigException e) {
            throw new ServletException(e.getMessage(), e);
        } catch (SQLException e) {
            throw new ServletException(
                    "The table of Idempotency-Keys could not be made (createTable): " + e.getMessage(), e);
        }
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        KeyedRequests ready = requests;
        if (ready == null
                || !(request instanceof HttpServletRequest httpRequest)
                || !(response instanceof HttpServletResponse httpResponse)) {
            chain.doFilter(request, response);
        } else if (request.getDispatcherType() == DispatcherType.REQUEST) {
            ready.serve(httpRequest, httpResponse, chain);
        } else if (request.getDispatcherType() == DispatcherType.ASYNC) {
            KeyedRequests.goOn(httpRequest, httpResponse, chain);
        } else {
            chain.doFilter(request, response);
        }
    }

    /** Lets go of the store. */
    @Override
    public void destroy() {
        requests = null;
        if (context != null) {
            ServedKeys.remove(this, context);
        }
        if (store != null) {
            store.close();
        }
    }
}
