package io.multistatus.demo;

import io.multistatus.demo.store.Database;
import io.multistatus.demo.web.ShopApp;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.ee10.servlet.DefaultServlet;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.ee10.servlet.security.ConstraintMapping;
import org.eclipse.jetty.ee10.servlet.security.ConstraintSecurityHandler;
import org.eclipse.jetty.security.Constraint;
import org.eclipse.jetty.security.HashLoginService;
import org.eclipse.jetty.security.SecurityHandler;
import org.eclipse.jetty.security.UserStore;
import org.eclipse.jetty.security.authentication.BasicAuthenticator;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.eclipse.jetty.util.security.Credential;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An embedded Jetty that serves the shop: what an installation of Jetty would bring along for {@link ShopApp}, and the
 * parts of a {@code web.xml} that the Servlet API has no methods for. Thread-safe.
 */
final class DemoServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DemoServer.class);

    /** How long requests that are running may go on once the server is told to stop. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final Options options;
    private final Database database;
    private final Server server;
    private final ServerConnector connector;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** A server that is not yet started; it owns {@code database} from now on. */
    DemoServer(Options options, Database database) {
        this.options = options;
        this.database = database;
        QueuedThreadPool threads = new QueuedThreadPool(options.threads(), Options.MIN_THREADS);
        threads.setName("shop");
        threads.setReservedThreads(options.threads() > 8 ? 1 : 0);
        server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(options.host());
        connector.setPort(options.port());
        server.addConnector(connector);
        server.setHandler(new GracefulHandler(shopContext()));
        server.setStopTimeout(STOP_TIMEOUT.toMillis());
    }

    /** Returns once requests are served; throws if the port is taken or the app does not start. */
    void start() throws Exception {
        server.start();
    }

    /** Where the server is to be reached, without a trailing slash. */
    String baseUrl() {
        String host = options.host();
        boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
        String reachable = everywhere ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
        return "http://" + reachable + ":" + connector.getLocalPort();
    }

    /** Refuses new requests, waits some seconds for those that are running, then lets go of the database. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try (database) {
            server.stop();
        } catch (TimeoutException e) {
            LOG.warn("Stopped while requests were still running");
        } catch (Exception e) {
            throw new IllegalStateException("The server did not stop cleanly", e);
        }
    }

    private ServletContextHandler shopContext() {
        ServletContextHandler context = new ServletContextHandler(ServletContextHandler.SESSIONS);
        context.setContextPath("/");
        context.setDisplayName("shop");
        context.setBaseResource(ResourceFactory.of(context).newClassLoaderResource("webapp/"));
        context.setSecurityHandler(adminConstraint());
        context.addServletContainerInitializer(new ShopApp(database));
        context.addServlet(staticResources(), "/");
        ErrorPageErrorHandler errorPages = new ErrorPageErrorHandler();
        errorPages.addErrorPage(ErrorPageErrorHandler.GLOBAL_ERROR_PAGE, ShopApp.ERROR_PAGE);
        context.setErrorHandler(errorPages);
        return context;
    }

    private static ServletHolder staticResources() {
        ServletHolder holder = new ServletHolder("default", DefaultServlet.class);
        holder.setInitParameter("dirAllowed", "false");
        holder.setInitParameter("cacheControl", "no-cache");
        return holder;
    }

    private static SecurityHandler adminConstraint() {
        UserStore users = new UserStore();
        users.addUser("admin", Credential.getCredential("admin"), new String[] {ShopApp.ADMIN_ROLE});
        HashLoginService login = new HashLoginService(ShopApp.ADMIN_REALM);
        login.setUserStore(users);
        ConstraintSecurityHandler security = new ConstraintSecurityHandler();
        security.setAuthenticator(new BasicAuthenticator());
        security.setRealmName(ShopApp.ADMIN_REALM);
        security.setLoginService(login);
        ConstraintMapping adminOnly = new ConstraintMapping();
        adminOnly.setPathSpec(ShopApp.ADMIN_PATHS);
        adminOnly.setConstraint(Constraint.from(ShopApp.ADMIN_ROLE));
        security.addConstraintMapping(adminOnly);
        return security;
    }
}
