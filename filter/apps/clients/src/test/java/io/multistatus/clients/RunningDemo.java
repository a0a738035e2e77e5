package io.multistatus.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.standalone.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The demo's jar in a process of its own, on a free port. */
record RunningDemo(ServerProcess process, String baseUrl) implements AutoCloseable {
    private static final Pattern BANNER = Pattern.compile(" on .+: (http://127\\.0\\.0\\.1:\\d+)/");

    /** Returns once it serves. */
    static RunningDemo start(String container) {
        try {
            Path folder = Files.createDirectories(Path.of(System.getProperty("demo.folder"), container));
            ServerProcess process = ServerProcess.java(
                    folder,
                    List.of(
                            "-Djava.io.tmpdir=" + folder,
                            "-jar",
                            System.getProperty("demo.jar"),
                            "--container",
                            container,
                            "--port",
                            "0"));
            return new RunningDemo(process, process.await(BANNER).group(1));
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The quantity in stock, asked for without any batch. */
    int stock(int product) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(baseUrl + "/api/products/" + product + "/stock"))
                .build();
        String answer = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
        assertThat(answer).matches(".*\"quantity\":\\d+.*");
        return Integer.parseInt(answer.replaceAll(".*\"quantity\":(\\d+).*", "$1"));
    }

    @Override
    public void close() throws IOException {
        try {
            process.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
