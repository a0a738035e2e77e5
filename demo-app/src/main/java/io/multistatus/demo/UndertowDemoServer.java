package io.multistatus.demo;

import io.multistatus.demo.store.Database;
import io.multistatus.demo.web.ShopApp;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.Version;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.GracefulShutdownHandler;
import io.undertow.server.handlers.resource.ClassPathResourceManager;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ErrorPage;
import io.undertow.servlet.api.LoginConfig;
import io.undertow.servlet.api.SecurityConstraint;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.api.WebResourceCollection;
import io.undertow.servlet.handlers.DefaultServlet;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.xnio.OptionMap;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

/** The shop in Undertow. */
final class UndertowDemoServer extends DemoServer {
    private static final int MAX_IO_THREADS = 2;
    private static final long UNLIMITED = -1;

    private final Options options;
    private final DeploymentManager app;
    private @Nullable GracefulShutdownHandler requests;
    private @Nullable XnioWorker worker;
    private @Nullable Undertow server;

    UndertowDemoServer(Options options, Database database) {
        super(options, database);
        this.options = options;
        this.app = Servlets.newContainer().addDeployment(deployment(shop()));
    }

    @Override
    void startContainer() throws IOException, ServletException {
        app.deploy();
        HttpHandler shop = app.start();
        requests = new GracefulShutdownHandler(shop);
        worker = worker(options.threads());
        server = listening()
                .setWorker(worker)
                // Undertow's default of 2 MB is less than the filter takes for a batch.
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, UNLIMITED)
                .setHandler(requests)
                .build();
        server.start();
    }

    private Undertow.Builder listening() throws IOException {
        Optional<SelfSignedCertificate> certificate = newCertificate();
        if (certificate.isEmpty()) {
            return Undertow.builder().addHttpListener(options.port(), address());
        }
        return Undertow.builder()
                .addHttpsListener(options.port(), address(), certificate.get().context())
                .setServerOption(UndertowOptions.ENABLE_HTTP2, true);
    }

    /** Of our own, because Undertow's would wait for idle connections when it stops. */
    private static XnioWorker worker(int threads) throws IOException {
        int ioThreads = threads > Options.MIN_THREADS ? MAX_IO_THREADS : 1;
        int acceptor = 1;
        int taskThreads = threads - ioThreads - acceptor;
        return Xnio.getInstance(Undertow.class.getClassLoader())
                .createWorker(OptionMap.builder()
                        .set(org.xnio.Options.WORKER_NAME, "shop")
                        .set(org.xnio.Options.WORKER_IO_THREADS, ioThreads)
                        .set(org.xnio.Options.WORKER_TASK_CORE_THREADS, taskThreads)
                        .set(org.xnio.Options.WORKER_TASK_MAX_THREADS, taskThreads)
                        .getMap());
    }

    private static DeploymentInfo deployment(ShopApp shop) {
        ClassLoader classes = ShopApp.class.getClassLoader();
        return Servlets.deployment()
                .setClassLoader(classes)
                .setContextPath("/")
                .setDeploymentName("shop")
                .setDisplayName("shop")
                .addServletContainerInitializer(new ServletContainerInitializerInfo(
                        ShopApp.class, new ImmediateInstanceFactory<>(shop), Set.of()))
                .setResourceManager(new ClassPathResourceManager(classes, ShopApp.STATIC_RESOURCES))
                .addServlet(Servlets.servlet(ShopApp.STATIC_SERVLET, DefaultServlet.class)
                        .addMapping("/"))
                .addWelcomePage("index.html")
                .setIdentityManager(new OneAdministrator())
                .setLoginConfig(new LoginConfig("BASIC", ShopApp.ADMIN_REALM))
                .addSecurityConstraint(new SecurityConstraint()
                        .addWebResourceCollection(new WebResourceCollection().addUrlPattern(ShopApp.ADMIN_PATHS))
                        .addRoleAllowed(ShopApp.ADMIN_ROLE))
                .addErrorPage(new ErrorPage(ShopApp.ERROR_PAGE));
    }

    @Override
    String container() {
        return "Undertow " + Version.getVersionString();
    }

    @Override
    int port() {
        if (server == null) {
            throw new IllegalStateException("The server has not been started");
        }
        return ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
    }

    @Override
    void stop() throws ServletException, InterruptedException, TimeoutException {
        if (server != null) {
            server.stop(); // listening
        }
        boolean finished = requests == null || finish(requests);
        if (app.getState() == DeploymentManager.State.STARTED) {
            app.stop();
        }
        if (app.getState() == DeploymentManager.State.DEPLOYED) {
            app.undeploy();
        }
        if (worker != null) {
            worker.shutdownNow();
            finished &= worker.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        }
        if (!finished) {
            throw new TimeoutException();
        }
    }

    private static boolean finish(GracefulShutdownHandler requests) throws InterruptedException {
        requests.shutdown();
        return requests.awaitShutdown(STOP_TIMEOUT.toMillis());
    }
}
