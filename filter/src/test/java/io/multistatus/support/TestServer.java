package io.multistatus.support;

import io.multistatus.BatchConfig;
import io.multistatus.BatchConfigBuilder;
import io.multistatus.BatchFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A Jetty on an ephemeral port of 127.0.0.1, with the filter and whatever servlets a test puts behind it. */
public final class TestServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What a servlet does, in one method. */
    @FunctionalInterface
    public interface Handler {
        void handle(HttpServletRequest request, HttpServletResponse response) throws Exception;
    }

    private final Server server;
    private final ServerConnector connector;
    private final ServletContextHandler context;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private TestServer(int threads, String contextPath) {
        server = new Server(new QueuedThreadPool(threads, Math.min(threads, 8)));
        connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        context = new ServletContextHandler(contextPath, true, false);
        server.setHandler(context);
    }

    /** A server in the root context. */
    public static TestServer create() {
        return create(50, "/");
    }

    public static TestServer create(int threads, String contextPath) {
        return new TestServer(threads, contextPath);
    }

    /** Adds a filter ahead of what is added later, for all requests on the wire. */
    public TestServer filter(Filter filter, boolean asyncSupported) {
        FilterHolder holder = new FilterHolder(filter);
        holder.setAsyncSupported(asyncSupported);
        context.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST));
        return this;
    }

    /** Adds the batch filter with that configuration. */
    public TestServer batch(UnaryOperator<BatchConfigBuilder> configuration) {
        return filter(new BatchFilter(configuration.apply(BatchConfig.builder()).build()), true);
    }

    /** Adds the batch filter as it is without configuration. */
    public TestServer batch() {
        return batch(UnaryOperator.identity());
    }

    public TestServer servlet(String urlPattern, Handler handler) {
        ServletHolder holder = new ServletHolder(new HttpServlet() {
            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response)
                    throws ServletException, IOException {
                try {
                    handler.handle(request, response);
                } catch (ServletException | IOException | RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        holder.setAsyncSupported(true);
        context.addServlet(holder, urlPattern);
        return this;
    }

    /** Adds a servlet that answers with a small JSON text. */
    public TestServer json(String urlPattern, int status, String body) {
        return servlet(urlPattern, (request, response) -> {
            response.setStatus(status);
            response.setContentType("application/json");
            response.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        });
    }

    public TestServer start() throws Exception {
        server.start();
        return this;
    }

    public int port() {
        return connector.getLocalPort();
    }

    public Server jetty() {
        return server;
    }

    public URI uri(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + port() + pathAndQuery);
    }

    /** Posts a batch to {@code /batch}; headers as name, value, name, value. */
    public HttpResponse<String> post(String batch, String... headers) throws IOException, InterruptedException {
        return client.send(request("/batch", batch, headers), HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<String> postTo(String pathAndQuery, String batch, String... headers)
            throws IOException, InterruptedException {
        return client.send(request(pathAndQuery, batch, headers), HttpResponse.BodyHandlers.ofString());
    }

    public CompletableFuture<HttpResponse<String>> postAsync(String batch, String... headers) {
        return client.sendAsync(request("/batch", batch, headers), HttpResponse.BodyHandlers.ofString());
    }

    /** Sends a request of any method without a body. */
    public HttpResponse<String> send(String method, String pathAndQuery, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(pathAndQuery))
                .timeout(PATIENCE)
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String pathAndQuery, String batch, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(pathAndQuery))
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(batch));
        boolean typed = false;
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
            typed |= headers[i].equalsIgnoreCase("Content-Type");
        }
        if (!typed) {
            request.header("Content-Type", "application/json");
        }
        return request.build();
    }

    /** Sends text as it is and reads until the server closes. */
    public String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IOException("Jetty does not stop", e);
        }
    }
}
