package io.multistatus.dispatch;

import io.multistatus.BatchFilter;
import io.multistatus.model.BatchException;
import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.model.WireRequest;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Time per subrequest of a tiny GET into an embedded Jetty: through the dispatcher alone, from within a request; as an
 * item of batches of three sizes; and as a request for itself. What is not the dispatcher alone comes through Jetty's
 * in-memory connector: parsed and generated as on the wire, without sockets, but with a hop to a thread of the pool.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class DispatchBenchmark {
    private static final int BARE_DISPATCHES = 1000;

    private final Server server = new Server(new QueuedThreadPool(8, 8));
    private final LocalConnector connector = new LocalConnector(server);
    private final byte[] alone = "GET /tiny HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private final byte[] bare = "GET /bare HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private final byte[] batchOf1 = batch(1, "ordered");
    private final byte[] batchOf10 = batch(10, "ordered");
    private final byte[] batchOf100 = batch(100, "ordered");
    private final byte[] sequentialBatchOf100 = batch(100, "sequential");

    private LocalConnector.@Nullable LocalEndPoint connection;

    private static byte[] batch(int items, String execution) {
        String body = IntStream.range(0, items)
                .mapToObj(i -> "{\"id\":\"" + i + "\",\"method\":\"GET\",\"url\":\"/tiny\"}")
                .collect(Collectors.joining(",", "{\"requests\":[", "]}"));
        return ("POST /batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Prefer: execution=" + execution + "\r\n" + "Content-Length: "
                        + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Setup
    public void start() throws Exception {
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        FilterHolder filter = new FilterHolder(new BatchFilter());
        filter.setAsyncSupported(true);
        context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder(new TinyServlet()), "/tiny");
        context.addServlet(new ServletHolder(new BareServlet()), "/bare");
        server.setHandler(context);
        server.start();
        connection = connector.connect();
    }

    @TearDown
    public void stop() throws Exception {
        server.stop();
    }

    /** Sends a request on the one connection, which is kept, and waits for its answer. */
    private ByteBuffer exchange(byte[] request, String expectedStatus) throws Exception {
        LocalConnector.LocalEndPoint open = Objects.requireNonNull(connection);
        open.addInput(ByteBuffer.wrap(request));
        ByteBuffer answer = open.waitForResponse(false, 10, TimeUnit.SECONDS);
        String head = answer == null
                ? "nothing"
                : StandardCharsets.US_ASCII
                        .decode(answer.slice(0, Math.min(12, answer.remaining())))
                        .toString();
        if (!head.equals("HTTP/1.1 " + expectedStatus)) {
            throw new IllegalStateException("expected " + expectedStatus + ", but got " + head);
        }
        return answer;
    }

    @Benchmark
    public ByteBuffer aRequestAlone() throws Exception {
        return exchange(alone, "200");
    }

    @Benchmark
    public ByteBuffer anItemOfABatchOf1() throws Exception {
        return exchange(batchOf1, "207");
    }

    @Benchmark
    @OperationsPerInvocation(10)
    public ByteBuffer anItemOfABatchOf10() throws Exception {
        return exchange(batchOf10, "207");
    }

    @Benchmark
    @OperationsPerInvocation(100)
    public ByteBuffer anItemOfABatchOf100() throws Exception {
        return exchange(batchOf100, "207");
    }

    /** One thread does it all. */
    @Benchmark
    @OperationsPerInvocation(100)
    public ByteBuffer anItemOfASequentialBatchOf100() throws Exception {
        return exchange(sequentialBatchOf100, "207");
    }

    @Benchmark
    @OperationsPerInvocation(BARE_DISPATCHES)
    public ByteBuffer theDispatcherAlone() throws Exception {
        return exchange(bare, "200");
    }

    private static final class TinyServlet extends HttpServlet {
        private static final byte[] BODY = "{\"ok\":true}".getBytes(StandardCharsets.US_ASCII);

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("application/json");
            response.setContentLength(BODY.length);
            response.getOutputStream().write(BODY);
        }
    }

    /** Dispatches many times on the thread of its request. */
    private static final class BareServlet extends HttpServlet {
        private final Dispatchers dispatchers = Dispatchers.load();
        private final WireRequest tiny = new WireRequest("GET", "/tiny", Headers.of("Host", "localhost"), null);

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws ServletException {
            Dispatcher dispatcher;
            try {
                dispatcher = dispatchers.open(request, Runnable::run);
            } catch (BatchException e) {
                throw new ServletException(e);
            }
            for (int i = 0; i < BARE_DISPATCHES; i++) {
                Counter counter = new Counter();
                dispatcher.dispatch(tiny, counter);
                if (counter.status != 200 || !counter.complete || counter.bytes != TinyServlet.BODY.length) {
                    throw new ServletException("A wrong answer: " + counter.status);
                }
            }
        }
    }

    private static final class Counter implements ResponseSink {
        private int status;
        private int bytes;
        private boolean complete;

        @Override
        public void head(int newStatus, Headers headers) {
            status = newStatus;
        }

        @Override
        public void data(ByteBuffer data) {
            bytes += data.remaining();
        }

        @Override
        public void complete() {
            complete = true;
        }

        @Override
        public void instead(Problem problem) {
            status = problem.status();
        }

        @Override
        public void aborted(Throwable cause) {
            status = 502;
        }
    }
}
