package io.multistatus.dispatch.undertow;

import io.multistatus.BatchConfig;
import io.multistatus.BatchConfigBuilder;
import io.multistatus.BatchFilter;
import io.multistatus.equivalence.TestCertificate;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HandlerWrapper;
import io.undertow.server.handlers.PathHandler;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.FilterInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** An embedded Undertow with one context at {@code /}. */
final class UndertowServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Undertow undertow;
    private final String origin;
    private final HttpClient client;

    private UndertowServer(Undertow undertow, boolean tls) {
        this.undertow = undertow;
        int port = ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
        origin = (tls ? "https" : "http") + "://127.0.0.1:" + port;
        client = tls
                ? HttpClient.newBuilder()
                        .sslContext(TestCertificate.trustingContext())
                        .build()
                : HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    static Setup create() {
        return new Setup();
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(origin + path))
                .timeout(PATIENCE)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String batch, String... headers) throws IOException, InterruptedException {
        return client.send(request("/batch", batch, headers), HttpResponse.BodyHandlers.ofString());
    }

    /** Posts it elsewhere than to the endpoint's usual path. */
    HttpResponse<String> postTo(String path, String batch) throws IOException, InterruptedException {
        return client.send(request(path, batch), HttpResponse.BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> postAsync(String batch, String... headers) {
        return client.sendAsync(request("/batch", batch, headers), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String path, String batch, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(origin + path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(batch));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    @Override
    public void close() {
        undertow.stop();
    }

    /** What a servlet does. */
    interface Handler {
        void handle(HttpServletRequest request, HttpServletResponse response) throws Exception;
    }

    /** What the server is to have. */
    static final class Setup {
        private final DeploymentInfo context = Servlets.deployment()
                .setClassLoader(UndertowServer.class.getClassLoader())
                .setContextPath("/")
                .setDeploymentName("app");
        private final Undertow.Builder builder = Undertow.builder().setIoThreads(1);
        private HandlerWrapper front = next -> next;
        private boolean tls;

        Setup workerThreads(int threads) {
            builder.setWorkerThreads(threads);
            return this;
        }

        /** Speaks HTTP/2 over TLS. */
        Setup http2() {
            builder.setServerOption(UndertowOptions.ENABLE_HTTP2, true);
            tls = true;
            return this;
        }

        /** A handler in front of the context. */
        Setup front(HandlerWrapper handler) {
            front = handler;
            return this;
        }

        Setup filter(String mapping, Filter filter, boolean asyncSupported) {
            String name = "filter-" + context.getFilters().size();
            context.addFilter(new FilterInfo(name, filter.getClass(), new ImmediateInstanceFactory<>(filter))
                    .setAsyncSupported(asyncSupported));
            context.addFilterUrlMapping(name, mapping, DispatcherType.REQUEST);
            return this;
        }

        Setup batch(UnaryOperator<BatchConfigBuilder> configuration) {
            BatchConfig config = configuration.apply(BatchConfig.builder()).build();
            return filter("/*", new BatchFilter(config), true);
        }

        Setup servlet(String mapping, Handler handler) {
            HttpServlet servlet = new HandlerServlet(handler);
            context.addServlet(Servlets.servlet(mapping, servlet.getClass(), new ImmediateInstanceFactory<>(servlet))
                    .addMapping(mapping)
                    .setAsyncSupported(true));
            return this;
        }

        UndertowServer start() throws ServletException, IOException {
            DeploymentManager manager = Servlets.newContainer().addDeployment(context);
            manager.deploy();
            builder.setHandler(front.wrap(new PathHandler(manager.start())));
            if (tls) {
                builder.addHttpsListener(0, "127.0.0.1", TestCertificate.serverContext());
            } else {
                builder.addHttpListener(0, "127.0.0.1");
            }
            Undertow undertow = builder.build();
            undertow.start();
            return new UndertowServer(undertow, tls);
        }
    }

    private static final class HandlerServlet extends HttpServlet {
        private final transient Handler handler;

        private HandlerServlet(Handler handler) {
            this.handler = handler;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            try {
                handler.handle(request, response);
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
