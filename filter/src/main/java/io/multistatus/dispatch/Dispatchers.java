package io.multistatus.dispatch;

import io.multistatus.model.BatchException;
import io.multistatus.model.Problem;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the way back into whatever container is serving a request. The only place that bears with container classes that
 * are not there. Thread-safe.
 */
public final class Dispatchers {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatchers.class);

    private final List<DispatcherProvider> providers;
    private final AtomicBoolean warned = new AtomicBoolean();

    private Dispatchers(List<DispatcherProvider> providers) {
        this.providers = List.copyOf(providers);
    }

    /** All providers that are registered with {@link ServiceLoader} and can be loaded here. */
    public static Dispatchers load() {
        List<DispatcherProvider> found = new ArrayList<>();
        Iterator<DispatcherProvider> services = ServiceLoader.load(
                        DispatcherProvider.class, Dispatchers.class.getClassLoader())
                .iterator();
        while (hasNext(services)) {
            try {
                found.add(services.next());
            } catch (ServiceConfigurationError | LinkageError e) {
                LOG.debug("A dispatcher cannot be used in this container", e);
            }
        }
        return new Dispatchers(found);
    }

    private static boolean hasNext(Iterator<DispatcherProvider> services) {
        try {
            return services.hasNext();
        } catch (ServiceConfigurationError | LinkageError e) {
            LOG.warn("The list of dispatchers cannot be read to its end", e);
            return false;
        }
    }

    /**
     * Opens a virtual connection beside that of {@code outer}.
     *
     * @throws BatchException 501 if no provider knows the container
     */
    public Dispatcher open(HttpServletRequest outer, Executor executor) throws BatchException {
        for (DispatcherProvider provider : providers) {
            try {
                Optional<Dispatcher> dispatcher = provider.open(outer, executor);
                if (dispatcher.isPresent()) {
                    return dispatcher.get();
                }
            } catch (LinkageError e) {
                LOG.debug("{} is not for this container", provider.getClass().getName(), e);
            }
        }
        String requestType = innermost(outer).getClass().getName();
        String detail = "There is no dispatcher for the container "
                + outer.getServletContext().getServerInfo() + " (request class " + requestType + ")"
                + hint(requestType);
        if (!warned.getAndSet(true)) {
            LOG.warn("Batches are refused. {}", detail);
        }
        throw new BatchException(Problem.of(501, "unsupported-container", "Batches are not supported here")
                .detail(detail));
    }

    private static ServletRequest innermost(ServletRequest outer) {
        ServletRequest request = outer;
        while (request instanceof ServletRequestWrapper wrapper) {
            request = wrapper.getRequest();
        }
        return request;
    }

    /** The one thing that a web app on a container with a dispatcher has to do for it. */
    private static String hint(String requestType) {
        return requestType.startsWith("org.eclipse.jetty.")
                ? ". If this is Jetty 12, it hides its classes from the web app: add '-org.eclipse.jetty.' to the"
                        + " hiddenClassMatcher of its WebAppContext"
                : "";
    }
}
