package io.multistatus.equivalence;

import io.multistatus.equivalence.app.HostApp;
import io.multistatus.equivalence.app.OtherApp;
import io.multistatus.support.TempDirectory;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.Version;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.PathHandler;
import io.undertow.server.handlers.ProxyPeerAddressHandler;
import io.undertow.server.handlers.resource.PathResourceManager;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ErrorPage;
import io.undertow.servlet.api.LoginConfig;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.api.ServletStackTraces;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import org.xnio.Options;
import org.xnio.SslClientAuthMode;

/** Embedded Undertow; whichever 2.3.x is on the class path. */
public final class UndertowHostContainer implements HostContainer {
    private static final long LONGEST_BODY_BYTES = 32L * 1024 * 1024;

    @Override
    public String name() {
        return "undertow";
    }

    @Override
    public String version() {
        return Version.getVersionString();
    }

    @Override
    public Optional<String> reasonToLeaveOut(RequestCase request, HostOptions.Protocol protocol) {
        return protocol == HostOptions.Protocol.HTTP_2 ? Http2LeftOut.onUndertow(request) : Optional.empty();
    }

    @Override
    public Host start(HostOptions options) throws IOException {
        TempDirectory temp = TempDirectory.create();
        Path files = temp.path();
        HostApp.writeStaticFiles(files);
        ExecutorService threads = options.virtualThreads() ? VirtualThreads.executor() : null;
        DeploymentManager app = context(HostApp.CONTEXT_PATH, options.app(), files, threads);
        DeploymentManager other = context(OtherApp.CONTEXT_PATH, new OtherApp(), files, threads);
        PathHandler contexts = new PathHandler()
                .addPrefixPath(HostApp.CONTEXT_PATH, start(app))
                .addPrefixPath(OtherApp.CONTEXT_PATH, start(other));
        List<String> accessLog = new CopyOnWriteArrayList<>();
        HttpHandler logged = logging(contexts, accessLog);
        HttpHandler root = options.behindProxy() ? new ProxyPeerAddressHandler(logged) : logged;
        Undertow.Builder server = Undertow.builder()
                .setHandler(root)
                // Undertow's default of 2 MiB is less than batches of many bodies have.
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, LONGEST_BODY_BYTES)
                .setServerOption(UndertowOptions.ENABLE_HTTP2, options.http2());
        if (options.maxThreads() > 0) {
            server.setIoThreads(1).setWorkerThreads(options.maxThreads());
        }
        if (options.tls()) {
            server.setSocketOption(Options.SSL_CLIENT_AUTH_MODE, SslClientAuthMode.REQUESTED);
            server.addHttpsListener(0, "127.0.0.1", TestCertificate.serverContext());
        } else {
            server.addHttpListener(0, "127.0.0.1");
        }
        Undertow undertow = server.build();
        undertow.start();
        return new UndertowHost(undertow, List.of(app, other), threads, temp, accessLog);
    }

    private static HttpHandler logging(HttpHandler next, List<String> accessLog) {
        return exchange -> {
            exchange.addExchangeCompleteListener((over, others) -> {
                String query = over.getQueryString().isEmpty() ? "" : "?" + over.getQueryString();
                accessLog.add(
                        over.getRequestMethod() + " " + over.getRequestURI() + query + " " + over.getStatusCode());
                others.proceed();
            });
            next.handleRequest(exchange);
        };
    }

    /** Undertow's own threads are platform threads; the servlets of a deployment run on others if it has some. */
    private static DeploymentManager context(
            String path, ServletContainerInitializer app, Path files, ExecutorService threads) {
        DeploymentInfo context = Servlets.deployment()
                .setClassLoader(UndertowHostContainer.class.getClassLoader())
                .setContextPath(path)
                .setDeploymentName(path)
                .setResourceManager(new PathResourceManager(files))
                .setServletStackTraces(ServletStackTraces.NONE)
                .setLoginConfig(new LoginConfig("BASIC", "host"))
                .setIdentityManager(new OneUser())
                .setExecutor(threads)
                .setAsyncExecutor(threads)
                .addServletContainerInitializer(new ServletContainerInitializerInfo(
                        app.getClass(), new ImmediateInstanceFactory<>(app), Set.of()));
        HostApp.errorPagesByStatus().forEach((status, page) -> context.addErrorPage(new ErrorPage(page, status)));
        HostApp.errorPagesByException()
                .forEach((exception, page) -> context.addErrorPage(new ErrorPage(page, exception)));
        DeploymentManager manager = Servlets.newContainer().addDeployment(context);
        manager.deploy();
        return manager;
    }

    private static HttpHandler start(DeploymentManager context) throws IOException {
        try {
            return context.start();
        } catch (ServletException e) {
            throw new IOException("a context does not start", e);
        }
    }

    private record UndertowHost(
            Undertow undertow,
            List<DeploymentManager> contexts,
            ExecutorService threads,
            TempDirectory temp,
            List<String> accessLog)
            implements Host {
        @Override
        public int port() {
            return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
        }

        @Override
        public void close() throws IOException {
            try (temp) {
                for (DeploymentManager context : contexts) {
                    context.stop();
                    context.undeploy();
                }
                undertow.stop();
                if (threads != null) {
                    threads.shutdownNow();
                }
            } catch (ServletException e) {
                throw new IOException("Undertow does not stop", e);
            }
        }
    }
}
