package io.multistatus.dispatch;

import io.multistatus.model.BatchException;
import io.multistatus.model.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the way back into whatever container is serving a request. The only place that bears with container classes that
 * are not there. Thread-safe.
 */
public final class Dispatchers {
    /**
     * The field that says of a request that it is an item of a batch, sent over a connection of its own. Whatever its
     * value, and whoever sent it, no batch is served to such a request; so there is nothing to be gained by forging it.
     */
    public static final String LOOPBACK_MARK = "Batch-Loopback";

    private static final Logger LOG = LoggerFactory.getLogger(Dispatchers.class);

    private final List<DispatcherProvider> all;
    /** Those that may still be of use. */
    private final List<DispatcherProvider> providers;

    /** One that has recognised a request: it is for this container. */
    private volatile @Nullable DispatcherProvider proven;

    private final AtomicBoolean warned = new AtomicBoolean();

    private Dispatchers(List<DispatcherProvider> providers) {
        this.all = List.copyOf(providers);
        this.providers = new CopyOnWriteArrayList<>(providers);
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

    /** No others than {@code providers}, which are asked in this order. */
    public static Dispatchers of(DispatcherProvider... providers) {
        return new Dispatchers(List.of(providers));
    }

    /**
     * Opens a virtual connection beside that of {@code outer}, which {@code response} answers.
     *
     * @throws BatchException 501 if no provider knows the container
     */
    public Dispatcher open(HttpServletRequest outer, HttpServletResponse response, Executor executor)
            throws BatchException {
        Optional<Dispatcher> dispatcher = first(provider -> provider.open(outer, response, executor));
        if (dispatcher.isPresent()) {
            return dispatcher.get();
        }
        String requestType = OuterFacts.innermost(outer).getClass().getName();
        String detail = "There is no dispatcher for the container "
                + outer.getServletContext().getServerInfo() + " (request class " + requestType + ")"
                + hint(requestType)
                + ". The app can choose one that needs to know no container: dispatcher=loopback sends"
                + " each item over a connection of its own; dispatcher=forward serves the paths listed in forwardAllow"
                + " only, past filters and security constraints";
        if (!warned.getAndSet(true)) {
            LOG.warn("Batches are refused. {}", detail);
        }
        throw new BatchException(Problem.of(501, "unsupported-container", "Batches are not supported here")
                .detail(detail));
    }

    /** The one thing that a web app on a container with a dispatcher has to do for it. */
    private static String hint(String requestType) {
        return requestType.startsWith("org.eclipse.jetty.")
                ? ". If this is Jetty 12, it hides its classes from the web app: add '-org.eclipse.jetty.' to the"
                        + " hiddenClassMatcher of its WebAppContext"
                : "";
    }

    /**
     * The dispatcher of the container that {@code outer} is from, for what it knows of the outer request; empty if no
     * provider knows the container, or the one that does cannot serve this request.
     */
    public Optional<Dispatcher> find(HttpServletRequest outer, Executor executor) {
        try {
            return first(provider -> provider.open(outer, executor));
        } catch (BatchException e) {
            LOG.debug("The container's own dispatcher cannot tell about a request", e);
            return Optional.empty();
        }
    }

    /** Whether {@code request} is an item of a batch, of whatever app in the container. */
    boolean isItem(HttpServletRequest request) {
        HttpServletRequest innermost = OuterFacts.innermost(request);
        return all.stream().anyMatch(provider -> provider.isItem(innermost));
    }

    private Optional<Dispatcher> first(Opening opening) throws BatchException {
        for (DispatcherProvider provider : providers) {
            Optional<Dispatcher> dispatcher = ask(provider, opening);
            if (dispatcher.isPresent()) {
                return dispatcher;
            }
        }
        return Optional.empty();
    }

    private Optional<Dispatcher> ask(DispatcherProvider provider, Opening opening) throws BatchException {
        try {
            Optional<Dispatcher> dispatcher = opening.of(provider);
            if (dispatcher.isPresent()) {
                proven = provider;
            }
            return dispatcher;
        } catch (NoClassDefFoundError e) {
            if (provider.equals(proven)) {
                LOG.warn("{} lacks a class for a request", provider.getClass().getName(), e);
            } else {
                // What has not been found once will never be found (JVMS, section 5.4.3), whatever request asks for it.
                providers.remove(provider);
                LOG.debug("{} is for another container", provider.getClass().getName(), e);
            }
        } catch (LinkageError e) {
            LOG.debug("{} is not for this request", provider.getClass().getName(), e);
        }
        return Optional.empty();
    }

    @FunctionalInterface
    private interface Opening {
        Optional<Dispatcher> of(DispatcherProvider provider) throws BatchException;
    }
}
