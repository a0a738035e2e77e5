package io.multistatus;

import jakarta.servlet.FilterConfig;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the {@link IdempotencyFilter}s of a context serve keys, as far as their registrations tell: not for which dispatcher types. It
 * is an attribute of the context, since they know nothing of each other. Thread-safe.
 */
final class ServedKeys {
    private static final String ATTRIBUTE = ServedKeys.class.getName();
    private static final Logger LOG = LoggerFactory.getLogger(ServedKeys.class);

    /** In the order that they were initialised in. Guarded by this. */
    private final Map<IdempotencyFilter, List<String>> paths = new LinkedHashMap<>();

    /** {@code filter} serves keys from now on, where it is mapped to. */
    static synchronized void add(IdempotencyFilter filter, FilterConfig config) {
        ServletContext context = config.getServletContext();
        ServedKeys served = find(context);
        if (served == null) {
            served = new ServedKeys();
            context.setAttribute(ATTRIBUTE, served);
        }
        List<String> its = pathsOf(config);
        synchronized (served) {
            served.paths.put(filter, its);
        }
    }

    /** {@code filter} serves no keys any more. */
    static synchronized void remove(IdempotencyFilter filter, ServletContext context) {
        ServedKeys served = find(context);
        if (served == null) {
            return;
        }
        synchronized (served) {
            served.paths.remove(filter);
            if (served.paths.isEmpty()) {
                context.removeAttribute(ATTRIBUTE);
            }
        }
    }

    /** Those of {@code context}; null if no filter serves keys there now. */
    static @Nullable ServedKeys find(ServletContext context) {
        return context.getAttribute(ATTRIBUTE) instanceof ServedKeys served ? served : null;
    }

    /**
     * The {@link #paths()} of {@code context}; empty if keys are served nowhere in it. Also of filters that are not initialised yet: in
     * Undertow each of them is by the first request to it.
     */
    static Optional<List<String>> pathsIn(ServletContext context) {
        ServedKeys served = find(context);
        boolean any = served != null;
        Set<String> all = new LinkedHashSet<>(served == null ? List.of() : served.paths());
        try {
            for (FilterRegistration registration :
                    context.getFilterRegistrations().values()) {
                if (IdempotencyFilter.class.getName().equals(registration.getClassName())) {
                    any = true;
                    all.addAll(pathsOf(registration, context));
                }
            }
        } catch (RuntimeException e) {
            LOG.debug("The container does not tell which filters there are", e);
        }
        return any ? Optional.of(List.copyOf(all)) : Optional.empty();
    }

    /**
     * The URL patterns, of all filters together, with the context path in front of those that are no extensions; empty if none of them
     * is known.
     */
    synchronized List<String> paths() {
        return paths.values().stream().flatMap(List::stream).distinct().toList();
    }

    /** Of what use a filter is does not depend on whether the container tells where it is mapped. */
    private static List<String> pathsOf(FilterConfig config) {
        List<String> found = new ArrayList<>();
        try {
            ServletContext context = config.getServletContext();
            FilterRegistration registration = context.getFilterRegistration(config.getFilterName());
            if (registration != null) {
                found.addAll(pathsOf(registration, context));
            }
        } catch (RuntimeException e) {
            LOG.debug("The container does not tell where the filter '{}' is mapped", config.getFilterName(), e);
        }
        return List.copyOf(found);
    }

    private static List<String> pathsOf(FilterRegistration registration, ServletContext context) {
        String contextPath = context.getContextPath();
        return registration.getUrlPatternMappings().stream()
                .map(pattern -> withContext(contextPath, pattern))
                .toList();
    }

    private static String withContext(String contextPath, String pattern) {
        if (pattern.startsWith("*.")) {
            return pattern;
        }
        return contextPath + (pattern.startsWith("/") ? pattern : "/" + pattern);
    }
}
