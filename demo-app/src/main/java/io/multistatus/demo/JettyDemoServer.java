package io.multistatus.demo;

import io.multistatus.demo.store.Database;
import io.multistatus.demo.web.ShopApp;
import java.util.List;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.ee10.servlet.DefaultServlet;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.ee10.servlet.security.ConstraintMapping;
import org.eclipse.jetty.ee10.servlet.security.ConstraintSecurityHandler;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.security.Constraint;
import org.eclipse.jetty.security.HashLoginService;
import org.eclipse.jetty.security.SecurityHandler;
import org.eclipse.jetty.security.UserStore;
import org.eclipse.jetty.security.authentication.BasicAuthenticator;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.eclipse.jetty.util.security.Credential;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The shop in Jetty. */
final class JettyDemoServer extends DemoServer {
    private final Server server;
    private final ServerConnector connector;
    private final HttpConfiguration http = new HttpConfiguration();

    JettyDemoServer(Options options, Database database) {
        super(options, database);
        QueuedThreadPool threads = new QueuedThreadPool(options.threads(), Options.MIN_THREADS);
        threads.setName("shop");
        threads.setReservedThreads(options.threads() > 8 ? 1 : 0);
        server = new Server(threads);
        http.setSendServerVersion(false);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setPort(options.port());
        server.addConnector(connector);
        server.setHandler(new GracefulHandler(shopContext(shop())));
        server.setStopTimeout(STOP_TIMEOUT.toMillis());
    }

    @Override
    void startContainer() throws Exception {
        newCertificate().ifPresent(this::speakTls);
        connector.setHost(address());
        server.start();
    }

    /** HTTP/2 or 1.1 over TLS, as the client likes. */
    private void speakTls(SelfSignedCertificate certificate) {
        // By whatever name the client knows the host.
        http.addCustomizer(new SecureRequestCustomizer(false));
        HttpConnectionFactory http1 = new HttpConnectionFactory(http);
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol(http1.getProtocol());
        SslContextFactory.Server ssl = new SslContextFactory.Server();
        ssl.setKeyStore(certificate.keys());
        ssl.setKeyStorePassword(certificate.password());
        SslConnectionFactory tls = new SslConnectionFactory(ssl, alpn.getProtocol());
        connector.setConnectionFactories(List.of(tls, alpn, new HTTP2ServerConnectionFactory(http), http1));
        connector.setDefaultProtocol(tls.getProtocol());
    }

    @Override
    String container() {
        return "Jetty " + Server.getVersion();
    }

    @Override
    int port() {
        return connector.getLocalPort();
    }

    @Override
    void stop() throws Exception {
        server.stop();
    }

    private static ServletContextHandler shopContext(ShopApp shop) {
        ServletContextHandler context = new ServletContextHandler(ServletContextHandler.SESSIONS);
        context.setContextPath("/");
        context.setDisplayName("shop");
        context.setBaseResource(ResourceFactory.of(context).newClassLoaderResource(ShopApp.STATIC_RESOURCES + "/"));
        context.setSecurityHandler(adminConstraint());
        context.addServletContainerInitializer(shop);
        context.addServlet(staticResources(), "/");
        ErrorPageErrorHandler errorPages = new ErrorPageErrorHandler();
        errorPages.addErrorPage(ErrorPageErrorHandler.GLOBAL_ERROR_PAGE, ShopApp.ERROR_PAGE);
        context.setErrorHandler(errorPages);
        return context;
    }

    private static ServletHolder staticResources() {
        ServletHolder holder = new ServletHolder(ShopApp.STATIC_SERVLET, DefaultServlet.class);
        holder.setInitParameter("dirAllowed", "false");
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
