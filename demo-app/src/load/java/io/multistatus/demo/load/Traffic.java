package io.multistatus.demo.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A way to ask for the demo's tiny resource: the same request over and over, on several connections at once, and what
 * its answer must be. Thread-safe.
 */
abstract class Traffic {
    private static final String RESOURCE = "/api/tiny";
    private static final String BODY = "{\"ok\":true}";
    /** What a client that is no browser sends; a batch hands the first two on to each of its items. */
    private static final String HEADERS =
            "Host: localhost\r\nUser-Agent: multistatus-load/1.0\r\nAccept: application/json\r\n";

    private final InetSocketAddress server;
    private final int connections;
    private final int subrequests;
    private final byte[] request;

    private Traffic(InetSocketAddress server, int connections, int subrequests, String request) {
        this.server = server;
        this.connections = connections;
        this.subrequests = subrequests;
        this.request = request.getBytes(StandardCharsets.US_ASCII);
    }

    /** Each request for itself. */
    static Traffic alone(InetSocketAddress server, int connections) {
        return new Alone(server, connections);
    }

    /** Batches of {@code subrequests} each. */
    static Traffic batches(InetSocketAddress server, int connections, int subrequests) {
        return new Batches(server, connections, subrequests);
    }

    /** Throws if the answer is wrong in any way. */
    abstract void check(Answer answer) throws IOException;

    /**
     * Sends requests for that long.
     *
     * @return how many subrequests have been answered
     * @throws IOException if any answer is wrong, or a connection breaks
     */
    long run(Duration duration) throws IOException, InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            List<Future<Long>> counts = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                counts.add(threads.submit(() -> runOnOneConnection(end)));
            }
            long sum = 0;
            for (Future<Long> count : counts) {
                sum += count.get();
            }
            return sum * subrequests;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } finally {
            threads.shutdown();
        }
    }

    private long runOnOneConnection(long end) throws IOException {
        long count = 0;
        try (Connection connection = new Connection(server, request)) {
            while (System.nanoTime() < end) {
                check(connection.exchange());
                count++;
            }
        }
        return count;
    }

    private static final class Alone extends Traffic {
        private static final ByteBuffer EXPECTED = ByteBuffer.wrap(BODY.getBytes(StandardCharsets.US_ASCII));

        Alone(InetSocketAddress server, int connections) {
            super(server, connections, 1, "GET " + RESOURCE + " HTTP/1.1\r\n" + HEADERS + "\r\n");
        }

        @Override
        void check(Answer answer) throws IOException {
            if (answer.status() != 200 || !answer.body().equals(EXPECTED)) {
                throw answer.unlike("200 " + BODY);
            }
        }
    }

    private static final class Batches extends Traffic {
        private static final ObjectMapper JSON = new ObjectMapper();

        private final int subrequests;
        /** An envelope that has been looked at item by item; what equals it to the byte is as right. */
        private volatile @Nullable ByteBuffer verified;

        Batches(InetSocketAddress server, int connections, int subrequests) {
            super(server, connections, subrequests, request(subrequests));
            this.subrequests = subrequests;
        }

        private static String request(int subrequests) {
            String body = IntStream.range(0, subrequests)
                    .mapToObj(i -> "{\"id\":\"" + i + "\",\"method\":\"GET\",\"url\":\"" + RESOURCE + "\"}")
                    .collect(Collectors.joining(",", "{\"requests\":[", "]}"));
            return "POST /batch HTTP/1.1\r\n" + HEADERS + "Content-Type: application/json\r\nContent-Length: "
                    + body.length() + "\r\n\r\n" + body;
        }

        @Override
        void check(Answer answer) throws IOException {
            if (answer.status() == 207 && answer.body().equals(verified)) {
                return;
            }
            JsonNode envelope = JSON.readTree(answer.text());
            JsonNode responses = envelope.path("responses");
            boolean right = answer.status() == 207 && responses.size() == subrequests;
            for (int i = 0; right && i < subrequests; i++) {
                JsonNode item = responses.get(i);
                right = item.path("id").asText().equals(Integer.toString(i))
                        && item.path("status").asInt() == 200
                        && item.path("body").equals(JSON.readTree(BODY));
            }
            if (!right) {
                throw answer.unlike("207 with " + subrequests + " times 200 " + BODY);
            }
            byte[] copy = new byte[answer.body().remaining()];
            answer.body().get(copy);
            verified = ByteBuffer.wrap(copy);
        }
    }
}
