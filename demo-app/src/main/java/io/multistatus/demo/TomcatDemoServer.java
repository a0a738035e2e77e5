package io.multistatus.demo;

import io.multistatus.demo.store.Database;
import io.multistatus.demo.web.ShopApp;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.catalina.Globals;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.WebResourceRoot;
import org.apache.catalina.authenticator.BasicAuthenticator;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.session.StandardManager;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.util.ServerInfo;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.catalina.webresources.StandardRoot;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.util.descriptor.web.LoginConfig;
import org.apache.tomcat.util.descriptor.web.SecurityCollection;
import org.apache.tomcat.util.descriptor.web.SecurityConstraint;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/** The shop in Tomcat. */
final class TomcatDemoServer extends DemoServer {
    /** The acceptor and the poller, which Tomcat does not count. */
    private static final int THREADS_OF_THE_CONNECTOR = 2;

    private static final int MAX_SPARE_THREADS = 10;
    private static final long POLL_MILLIS = 10;

    /** For threads that have had {@link #STOP_TIMEOUT} already, and are interrupted then. */
    private static final String STOP_OF_THREADS_MILLIS = "1000";

    private final Options options;
    private final Tomcat tomcat = new Tomcat();
    private final Connector connector = new Connector();
    private @Nullable StandardContext context;
    private @Nullable Path baseDirectory;

    TomcatDemoServer(Options options, Database database) {
        super(options, database);
        this.options = options;
    }

    @Override
    void startContainer() throws IOException, LifecycleException {
        // Tomcat insists on a directory, reads configuration from it and puts nothing of ours into it.
        baseDirectory = Files.createTempDirectory("multistatus-demo-");
        tomcat.setBaseDir(baseDirectory.toString());
        configureConnector();
        tomcat.setConnector(connector);
        tomcat.getHost().getPipeline().addValve(silentErrors());
        context = shopContext();
        tomcat.start();
        if (context.getState() != LifecycleState.STARTED) {
            throw new LifecycleException("the shop does not start; the log tells why");
        }
    }

    private void configureConnector() throws IOException {
        int threads = options.threads() - THREADS_OF_THE_CONNECTOR;
        connector.setProperty("address", address());
        connector.setPort(options.port());
        connector.setThrowOnFailure(true);
        // Only what was bound at the start can be closed while requests are running.
        connector.setProperty("bindOnInit", "false");
        connector.setProperty("executorTerminationTimeoutMillis", STOP_OF_THREADS_MILLIS);
        connector.setProperty("maxThreads", String.valueOf(threads));
        connector.setProperty("minSpareThreads", String.valueOf(Math.min(threads, MAX_SPARE_THREADS)));
        newCertificate().ifPresent(this::speakTls);
    }

    /** HTTP/2 or 1.1 over TLS, as the client likes. */
    private void speakTls(SelfSignedCertificate certificate) {
        SSLHostConfig tls = new SSLHostConfig();
        SSLHostConfigCertificate shown = new SSLHostConfigCertificate(tls, SSLHostConfigCertificate.Type.EC);
        shown.setCertificateKeystore(certificate.keys());
        shown.setCertificateKeystorePassword(certificate.password());
        tls.addCertificate(shown);
        connector.setScheme("https");
        connector.setSecure(true);
        connector.setProperty("SSLEnabled", "true");
        connector.addSslHostConfig(tls);
        connector.addUpgradeProtocol(new Http2Protocol());
    }

    /** What is refused before it comes to the shop says nothing of Tomcat's version. */
    private static ErrorReportValve silentErrors() {
        ErrorReportValve errors = new ErrorReportValve();
        errors.setShowReport(false);
        errors.setShowServerInfo(false);
        return errors;
    }

    private StandardContext shopContext() throws IOException {
        StandardContext shop = (StandardContext) tomcat.addContext("", null);
        shop.setDisplayName("shop");
        shop.addServletContainerInitializer(shop(), null);
        StandardManager sessions = new StandardManager();
        sessions.setPathname(null); // they end with the process
        shop.setManager(sessions);
        // The process ends with the app, so nothing can leak; to look for it, Tomcat would want --add-opens.
        shop.setClearReferencesObjectStreamClassCaches(false);
        shop.setClearReferencesRmiTargets(false);
        shop.setClearReferencesThreadLocals(false);
        addStaticResources(shop);
        addAdminConstraint(shop);
        ErrorPage everything = new ErrorPage();
        everything.setLocation(ShopApp.ERROR_PAGE);
        shop.addErrorPage(everything);
        return shop;
    }

    private static void addStaticResources(StandardContext shop) throws IOException {
        WebResourceRoot resources = new StandardRoot(shop);
        resources.createWebResourceSet(
                WebResourceRoot.ResourceSetType.PRE, "/", classPathRoot(), "/" + ShopApp.STATIC_RESOURCES);
        shop.setResources(resources);
        Tomcat.addServlet(shop, ShopApp.STATIC_SERVLET, new DefaultServlet());
        shop.addServletMapping("/", ShopApp.STATIC_SERVLET);
        shop.addWelcomeFile("index.html");
        Tomcat.addDefaultMimeTypeMappings(shop);
    }

    /** The jar or directory that the static resources lie in. */
    private static URL classPathRoot() throws IOException {
        String page = ShopApp.STATIC_RESOURCES + "/index.html";
        URL url = ShopApp.class.getClassLoader().getResource(page);
        if (url == null) {
            throw new IOException(page + " is missing from the class path");
        }
        String text = url.toString();
        return URI.create(text.substring(0, text.length() - page.length())).toURL();
    }

    private void addAdminConstraint(StandardContext shop) {
        tomcat.addUser("admin", "admin");
        tomcat.addRole("admin", ShopApp.ADMIN_ROLE);
        LoginConfig login = new LoginConfig();
        login.setAuthMethod("BASIC");
        login.setRealmName(ShopApp.ADMIN_REALM);
        shop.setLoginConfig(login);
        shop.getPipeline().addValve(new BasicAuthenticator());
        SecurityCollection admin = new SecurityCollection();
        admin.addPattern(ShopApp.ADMIN_PATHS);
        SecurityConstraint adminOnly = new SecurityConstraint();
        adminOnly.addCollection(admin);
        adminOnly.addAuthRole(ShopApp.ADMIN_ROLE);
        shop.addSecurityRole(ShopApp.ADMIN_ROLE);
        shop.addConstraint(adminOnly);
    }

    @Override
    String container() {
        return ServerInfo.getServerInfo().replace('/', ' ');
    }

    @Override
    int port() {
        return connector.getLocalPort();
    }

    @Override
    void stop() throws LifecycleException, IOException, InterruptedException, TimeoutException {
        if (baseDirectory == null) {
            return; // Tomcat would make one now
        }
        boolean finished = !connector.getState().isAvailable() || finishRequests();
        try {
            tomcat.stop();
            tomcat.destroy();
        } finally {
            delete(baseDirectory);
            // Left set by Tomcat, whose next one in this process would make the directory again.
            System.clearProperty(Globals.CATALINA_HOME_PROP);
        }
        if (!finished) {
            throw new TimeoutException();
        }
    }

    /** Refuses new connections and requests, and waits until no request is being served; false if that takes too long. */
    private boolean finishRequests() throws InterruptedException {
        connector.pause();
        connector.getProtocolHandler().closeServerSocketGraceful();
        long end = System.nanoTime() + STOP_TIMEOUT.toNanos();
        while (isServing()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.sleep(POLL_MILLIS);
        }
        return true;
    }

    private boolean isServing() {
        AbstractProtocol<?> protocol = (AbstractProtocol<?>) connector.getProtocolHandler();
        ThreadPoolExecutor threads = (ThreadPoolExecutor) protocol.getExecutor();
        return threads.getActiveCount() > 0
                || !threads.getQueue().isEmpty()
                || (context != null && context.getInProgressAsyncCount() > 0);
    }

    private static void delete(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> tree = Files.walk(directory)) {
            files = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
