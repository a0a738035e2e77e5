package io.multistatus.demo;

import io.multistatus.demo.store.Database;
import io.multistatus.demo.web.Delay;
import io.multistatus.demo.web.ItemLimit;
import io.multistatus.demo.web.ShopApp;
import io.multistatus.event.BatchListener;
import io.multistatus.opentelemetry.TracingListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An embedded container that serves the shop: what an installation of it would bring along for
 * {@link io.multistatus.demo.web.ShopApp}, and the parts of a {@code web.xml} that the Servlet API has no methods for.
 * Thread-safe once started.
 */
abstract class DemoServer implements AutoCloseable {
    /** How long requests that are running may go on once the server is told to stop. */
    static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(DemoServer.class);

    private final Options options;
    private final Database database;
    private final ShopApp shop;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile List<DelayProxy> proxies = List.of();

    DemoServer(Options options, Database database) {
        this.options = options;
        this.database = database;
        Duration itemTimeout = Duration.ofMillis(options.itemTimeoutMillis());
        this.shop = new ShopApp(database, this::delays, itemTimeout, listeners(options));
    }

    private static List<BatchListener> listeners(Options options) {
        List<BatchListener> listeners = new ArrayList<>();
        if (options.trace()) {
            listeners.add(new TracingListener(TracePrinter.tracingTo(System.out)));
        }
        if (options.itemsPerMinute() > 0) {
            listeners.add(new ItemLimit(options.itemsPerMinute()));
        }
        return listeners;
    }

    /** A server that is not yet started; it owns {@code database} from now on. */
    static DemoServer of(Options options, Database database) {
        return switch (options.container()) {
            case JETTY -> new JettyDemoServer(options, database);
            case TOMCAT -> new TomcatDemoServer(options, database);
            case UNDERTOW -> new UndertowDemoServer(options, database);
        };
    }

    /** Returns once requests are served; throws if the port is taken or the app does not start, then wants closing. */
    final void start() throws Exception {
        startContainer();
        InetAddress address = InetAddress.getByName(address());
        // Whoever comes through a delayed port comes from this machine, as the shop sees it: so let nobody else come.
        InetAddress here = address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
        InetSocketAddress server = new InetSocketAddress(here, port());
        List<DelayProxy> opened = new ArrayList<>();
        for (int rttMillis : options.rttMillis()) {
            opened.add(DelayProxy.open(rttMillis, here, server));
            proxies = List.copyOf(opened);
        }
    }

    /** What is served, for the container to be told of. */
    final ShopApp shop() {
        return shop;
    }

    /** The ports from which it is further to the server. */
    final List<Delay> delays() {
        return proxies.stream()
                .map(proxy -> new Delay(proxy.rttMillis(), proxy.port()))
                .toList();
    }

    /** Whether it speaks HTTPS. */
    final boolean isSecure() {
        return options.tls();
    }

    /** What the container shows those who connect over TLS; empty where it speaks HTTP. */
    final Optional<SelfSignedCertificate> newCertificate() throws IOException {
        return options.tls()
                ? Optional.of(SelfSignedCertificate.create(Path.of(System.getProperty("java.home"))))
                : Optional.empty();
    }

    /** Returns once the container serves requests. */
    abstract void startContainer() throws Exception;

    /** Name and version of the container, as it tells them. */
    abstract String container();

    /** The port that is listened on. */
    abstract int port();

    /**
     * Refuses new requests, waits for those that are running, then stops the app and the container; also one that has
     * not started, or not quite.
     *
     * @throws TimeoutException if requests were still running after {@link #STOP_TIMEOUT}
     */
    abstract void stop() throws Exception;

    /**
     * Where to listen. Resolved here, because containers take a name that they cannot resolve each in its own way, up to
     * listening everywhere.
     *
     * @throws UnknownHostException if the host of the options has no address
     */
    final String address() throws UnknownHostException {
        return InetAddress.getByName(options.host()).getHostAddress();
    }

    /** Where the server is to be reached, without a trailing slash. */
    final String baseUrl() {
        return url(port());
    }

    /** What a port of it is called, without a trailing slash. */
    final String url(int port) {
        String host = options.host();
        boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
        String reachable = everywhere ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
        return (isSecure() ? "https://" : "http://") + reachable + ":" + port;
    }

    /** Refuses new requests, waits some seconds for those that are running, then lets go of the database. */
    @Override
    public final void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        proxies.forEach(DelayProxy::refuse);
        try (database) {
            stop();
        } catch (TimeoutException e) {
            LOG.warn("Stopped while requests were still running");
        } catch (Exception e) {
            throw new IllegalStateException("The server did not stop cleanly", e);
        } finally {
            // All at once, and only then one after another.
            proxies.forEach(DelayProxy::finish);
            proxies.forEach(DelayProxy::close);
        }
    }
}
