package io.multistatus.equivalence;

import io.multistatus.BatchConfig;
import io.multistatus.BatchFilter;
import io.multistatus.support.Envelopes;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** The container of this test run, with the filter and an app of a few handlers, each at a path of its name. */
public final class HandlerHost implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HostContainer.Host host;
    private final ObservedFilter filter;

    /** What a handler does. */
    @FunctionalInterface
    public interface Handler {
        void handle(HttpServletRequest request, HttpServletResponse response) throws Exception;
    }

    /** For one request, since hosts close connections that nobody uses, and that may be just when it is sent. */
    private static HttpClient newClient() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private HandlerHost(HostContainer.Host host, ObservedFilter filter) {
        this.host = host;
        this.filter = filter;
    }

    /**
     * Starts it.
     *
     * @param inFront filters that requests meet before that of the batches
     */
    public static HandlerHost start(BatchConfig config, Map<String, Handler> handlers, Filter... inFront)
            throws IOException {
        return start(config, handlers, List.of(inFront), List.of());
    }

    /** The same with filters that come after that of the batches, which items meet. */
    public static HandlerHost start(
            BatchConfig config, Map<String, Handler> handlers, List<Filter> inFront, List<Filter> behind)
            throws IOException {
        ObservedFilter filter = new ObservedFilter(new BatchFilter(config));
        HostOptions options = HostOptions.running((classes, context) -> {
            for (Filter each : inFront) {
                map(context.addFilter(each.getClass().getName(), each));
            }
            map(context.addFilter("batch", filter));
            for (Filter each : behind) {
                map(context.addFilter(each.getClass().getName(), each));
            }
            addTo(context, handlers);
        });
        return new HandlerHost(HostContainer.ofThisRun().start(options), filter);
    }

    private static void map(FilterRegistration.Dynamic filter) {
        filter.setAsyncSupported(true);
        filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC), false, "/*");
    }

    private static void addTo(ServletContext context, Map<String, Handler> handlers) {
        handlers.forEach((name, handler) -> {
            ServletRegistration.Dynamic servlet = context.addServlet(name, new HandlerServlet(handler));
            servlet.setAsyncSupported(true);
            servlet.addMapping("/" + name + "/*");
        });
    }

    public HttpResponse<String> post(String... items) throws IOException, InterruptedException {
        return newClient().send(request(items), HttpResponse.BodyHandlers.ofString());
    }

    public CompletableFuture<HttpResponse<String>> postAsync(String... items) {
        return newClient().sendAsync(request(items), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String... items) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + host.port() + "/app/batch"))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Envelopes.batch(items)))
                .build();
    }

    /** Posts a batch and leaves the connection to the caller. */
    public Socket postAndKeepSocket(String... items) throws IOException {
        byte[] body = Envelopes.batch(items).getBytes(StandardCharsets.UTF_8);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), host.port());
        socket.getOutputStream().write("""
                POST /app/batch HTTP/1.1\r
                Host: 127.0.0.1\r
                Content-Type: application/json\r
                Content-Length: %d\r
                \r
                """.formatted(body.length).getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(body);
        socket.getOutputStream().flush();
        return socket;
    }

    /** Waits until the container, on its way down, has let go of the filter. */
    public void awaitEndOfFilter() throws InterruptedException {
        filter.destroyed.await();
    }

    /** Where it listens, on 127.0.0.1. */
    public int port() {
        return host.port();
    }

    @Override
    public void close() throws IOException {
        host.close();
    }

    private static final class ObservedFilter implements Filter {
        private final Filter target;
        private final CountDownLatch destroyed = new CountDownLatch(1);

        ObservedFilter(Filter target) {
            this.target = target;
        }

        @Override
        public void init(FilterConfig config) throws ServletException {
            target.init(config);
        }

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            target.doFilter(request, response, chain);
        }

        @Override
        public void destroy() {
            target.destroy();
            destroyed.countDown();
        }
    }

    private static final class HandlerServlet extends HttpServlet {
        private final transient Handler handler;

        HandlerServlet(Handler handler) {
            this.handler = handler;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            try {
                handler.handle(request, response);
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new ServletException(e);
            }
        }
    }
}
