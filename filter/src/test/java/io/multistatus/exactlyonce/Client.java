package io.multistatus.exactlyonce;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.support.Envelopes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Posts batches until all of them has succeeded: to one process, to the other, and so on. */
final class Client {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PAUSE_MILLIS = 50;

    private final Cluster cluster;

    Client(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Returns the ids of the items that were answered with 201 in the end: of all. */
    List<String> postUntilDone(SeededBatch batch, int firstPlace) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<String> seen = new ArrayList<>();
        for (int place = firstPlace; System.nanoTime() < deadline; place = (place + 1) % Cluster.SIZE) {
            try {
                HttpResponse<String> response = send(batch, cluster.port(place));
                seen.add(
                        response.statusCode() == 207
                                ? Envelopes.statuses(response).toString()
                                : response.body());
                if (response.statusCode() == 207
                        && Envelopes.of(response).path("summary").path("failed").asInt() == 0) {
                    return answers(response);
                }
            } catch (IOException e) {
                seen.add(e.toString());
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        throw new AssertionError("batch " + batch.key() + " has not succeeded within " + PATIENCE + ", but: " + seen);
    }

    private static List<String> answers(HttpResponse<String> response) {
        List<String> answers = new ArrayList<>();
        for (JsonNode item : Envelopes.of(response).path("responses")) {
            assertThat(item.path("status").asInt()).isEqualTo(201);
            answers.add(item.path("id").asText());
        }
        return answers;
    }

    private static HttpResponse<String> send(SeededBatch batch, int port) throws IOException, InterruptedException {
        if (port == 0) {
            throw new IOException("nobody is there");
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/batch"))
                .timeout(PATIENCE)
                .headers("Content-Type", "application/json", "Idempotency-Key", batch.key())
                .headers("Prefer", batch.parallel() ? "execution=parallel" : "execution=ordered")
                .POST(HttpRequest.BodyPublishers.ofString(batch.json()))
                .build();
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Posts it and goes away {@code afterMillis}, without having read anything. */
    void postAndLeave(SeededBatch batch, int place, int afterMillis) throws IOException, InterruptedException {
        byte[] body = batch.json().getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), cluster.port(place))) {
            socket.getOutputStream()
                    .write("""
                    POST /batch HTTP/1.1\r
                    Host: 127.0.0.1\r
                    Content-Type: application/json\r
                    Idempotency-Key: %s\r
                    Content-Length: %d\r
                    \r
                    """.formatted(batch.key(), body.length).getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            Thread.sleep(afterMillis);
            socket.setSoLinger(true, 0);
        }
    }

    /** The status of a single request with a key. */
    int postOne(String item, int place) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + cluster.port(place) + "/lines/" + item + "?steps=1&pause=0&own=true"))
                .timeout(PATIENCE)
                .header("Idempotency-Key", item)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
