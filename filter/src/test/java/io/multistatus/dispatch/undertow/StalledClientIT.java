package io.multistatus.dispatch.undertow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multistatus.BatchConfig;
import io.multistatus.BatchFilter;
import io.multistatus.event.BatchListener;
import io.multistatus.event.FilterState;
import io.multistatus.support.Envelopes;
import io.undertow.Undertow;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Undertow lets a client that reads nothing be for ever. */
@Tag("undertow")
class StalledClientIT {
    private static final int BODY_BYTES = 512 * 1024;
    private static final int ITEMS = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    /** What a client asks for, and whether a filter in front wraps the response: then a thread waits for it. */
    private record Client(String accept, boolean wrapped) {}

    private static final List<Client> CLIENTS = List.of(
            new Client("application/x-ndjson", false),
            new Client("application/x-ndjson", true),
            new Client("application/json", false),
            new Client("application/json", true));

    /** All at once: each takes minutes. Regression: behind a wrapped response a thread and its budget were held for ever. */
    @Test
    void clientsThatTakeNothingAreGivenUpAndNoneTakesWhatItGotForWhole() throws Exception {
        CompletableFuture<FilterState> started = new CompletableFuture<>();
        BatchListener listener = new BatchListener() {
            @Override
            public void filterStarted(FilterState state) {
                started.complete(state);
            }
        };
        BatchFilter filter = new BatchFilter(BatchConfig.builder()
                .listener(listener)
                .maxConcurrency(2)
                .batchTimeout(Duration.ofMinutes(10))
                .build());
        DeploymentManager app = Servlets.defaultContainer().addDeployment(deployment(filter));
        app.deploy();
        Undertow server = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setHandler(app.start())
                .build();
        server.start();
        List<Socket> sockets = new ArrayList<>();
        try {
            InetSocketAddress address =
                    (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
            for (Client client : CLIENTS) {
                sockets.add(post(client, address.getPort()));
            }
            FilterState state = started.get(1, TimeUnit.MINUTES);
            await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
                assertThat(state.liveBatches()).isEqualTo(CLIENTS.size());
                assertThat(waitingThreads()).isPositive();
            });
            await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
                assertThat(state.liveBatches()).isZero();
                assertThat(state.bufferedBytes()).isZero();
                assertThat(waitingThreads()).isZero();
            });
            for (int i = 0; i < CLIENTS.size(); i++) {
                String end = endOfAll(sockets.get(i));
                assertThat(end).as("%s", CLIENTS.get(i)).doesNotEndWith("\r\n0\r\n\r\n");
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
            server.stop();
            app.undeploy();
        }
    }

    private static DeploymentInfo deployment(BatchFilter filter) {
        Filter wrapping = (request, response, chain) -> chain.doFilter(
                request,
                ((HttpServletRequest) request).getHeader("X-Wrapped") == null
                        ? response
                        : new HttpServletResponseWrapper((HttpServletResponse) response));
        return Servlets.deployment()
                .setClassLoader(StalledClientIT.class.getClassLoader())
                .setContextPath("/")
                .setDeploymentName("stalled")
                .addServlet(Servlets.servlet("bytes", Bytes.class)
                        .addMapping("/bytes")
                        .setAsyncSupported(true))
                .addFilter(Servlets.filter("wrapping", Filter.class, new ImmediateInstanceFactory<>(wrapping))
                        .setAsyncSupported(true))
                .addFilterUrlMapping("wrapping", "/*", DispatcherType.REQUEST)
                .addFilter(Servlets.filter("batch", BatchFilter.class, new ImmediateInstanceFactory<>(filter))
                        .setAsyncSupported(true))
                .addFilterUrlMapping("batch", "/*", DispatcherType.REQUEST);
    }

    /** Answers a body of many bytes. */
    public static final class Bytes extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("application/octet-stream");
            response.getOutputStream().write(new byte[BODY_BYTES]);
        }
    }

    private static Socket post(Client client, int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(32 * 1024);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        String[] urls = new String[ITEMS];
        Arrays.fill(urls, "/bytes");
        String batch = Envelopes.gets(urls);
        socket.getOutputStream()
                .write(("POST /batch HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nContent-Type: application/json\r\n"
                                + (client.wrapped() ? "X-Wrapped: 1\r\n" : "") + "Accept: " + client.accept()
                                + "\r\nContent-Length: " + batch.length()
                                + "\r\n\r\n" + batch)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Threads that wait for a client, of the filter's or of the server's. */
    private static long waitingThreads() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack -> Arrays.stream(stack)
                        .anyMatch(frame -> frame.getClassName().equals("io.multistatus.WatchedOutput")))
                .count();
    }

    private static String endOfAll(Socket socket) throws IOException {
        socket.setSoTimeout((int) PATIENCE.toMillis());
        byte[] bytes = new byte[64 * 1024];
        StringBuilder end = new StringBuilder();
        try {
            for (int read = socket.getInputStream().read(bytes);
                    read >= 0;
                    read = socket.getInputStream().read(bytes)) {
                end.append(new String(bytes, 0, read, StandardCharsets.ISO_8859_1));
                end.delete(0, Math.max(0, end.length() - 100));
            }
        } catch (SocketException e) {
            // Reset: broken as well.
            end.append("reset");
        }
        return end.toString();
    }
}
