package io.multistatus.dispatch.undertow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import io.multistatus.BatchConfig;
import io.multistatus.BatchFilter;
import io.multistatus.event.BatchListener;
import io.multistatus.event.FilterState;
import io.multistatus.support.Envelopes;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
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
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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

    /**
     * What a client asks for; whether a filter in front wraps the response, so that a thread waits for it; whether it is the result
     * of a job.
     */
    private record Client(String accept, boolean wrapped, boolean job) {}

    private static final List<Client> CLIENTS = List.of(
            new Client("application/x-ndjson", false, false),
            new Client("application/x-ndjson", true, false),
            new Client("application/json", false, false),
            new Client("application/json", true, false),
            new Client("application/json", false, true),
            new Client("application/json", true, true));

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
                .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
                .addHttpListener(0, "127.0.0.1")
                .setHandler(app.start())
                .build();
        server.start();
        List<Socket> sockets = new ArrayList<>();
        try {
            InetSocketAddress address =
                    (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
            String job = job(address.getPort());
            for (Client client : CLIENTS) {
                sockets.add(client.job() ? get(client, job, address.getPort()) : post(client, address.getPort()));
            }
            HttpResponse<InputStream> overHttp2 = postOverHttp2(address.getPort());
            FilterState state = started.get(1, TimeUnit.MINUTES);
            await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
                assertThat(state.liveBatches())
                        .isEqualTo(1
                                + (int) CLIENTS.stream()
                                        .filter(each -> !each.job())
                                        .count());
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
            try (InputStream body = overHttp2.body()) {
                assertThatIOException().isThrownBy(body::readAllBytes);
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
        String batch = batch(ITEMS);
        return send(
                client,
                port,
                "POST /batch",
                "Content-Type: application/json\r\nContent-Length: " + batch.length() + "\r\n\r\n" + batch);
    }

    private static Socket get(Client client, String path, int port) throws IOException {
        return send(client, port, "GET " + path, "\r\n");
    }

    private static Socket send(Client client, int port, String what, String rest) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(32 * 1024);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.getOutputStream()
                .write((what + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n"
                                + (client.wrapped() ? "X-Wrapped: 1\r\n" : "") + "Accept: " + client.accept() + "\r\n"
                                + rest)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** As much as goes beyond what the client takes by itself, and nobody reads it. */
    private static HttpResponse<InputStream> postOverHttp2(int port) throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        URI server = URI.create("http://127.0.0.1:" + port + "/");
        client.send(HttpRequest.newBuilder(server.resolve("bytes")).build(), HttpResponse.BodyHandlers.discarding());
        HttpResponse<InputStream> response = client.send(
                HttpRequest.newBuilder(server.resolve("batch"))
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/x-ndjson")
                        .header("X-Wrapped", "1")
                        .POST(HttpRequest.BodyPublishers.ofString(batch(3 * ITEMS)))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
        return response;
    }

    private static String batch(int items) {
        String[] urls = new String[items];
        Arrays.fill(urls, "/bytes");
        return Envelopes.gets(urls);
    }

    /** The path of a job that is over. */
    private static String job(int port) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        URI batch = URI.create("http://127.0.0.1:" + port + "/batch");
        String path = client.send(
                        HttpRequest.newBuilder(batch)
                                .header("Content-Type", "application/json")
                                .header("Prefer", "respond-async")
                                .POST(HttpRequest.BodyPublishers.ofString(batch(ITEMS)))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .headers()
                .firstValue("Location")
                .orElseThrow();
        HttpRequest status = HttpRequest.newBuilder(batch.resolve(path))
                .header("Accept", "application/json;view=status")
                .build();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> client.send(status, HttpResponse.BodyHandlers.ofString())
                        .body()
                        .contains("\"done\""));
        return batch.resolve(path).getPath();
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
