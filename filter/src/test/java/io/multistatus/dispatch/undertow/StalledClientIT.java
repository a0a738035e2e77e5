package io.multistatus.dispatch.undertow;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.BatchConfig;
import io.multistatus.equivalence.HandlerHost;
import io.multistatus.event.BatchEvent;
import io.multistatus.event.BatchListener;
import io.multistatus.model.Summary;
import io.multistatus.support.Envelopes;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Undertow lets a client that reads nothing be for ever. */
@Tag("undertow")
class StalledClientIT {
    private static final int BODY_BYTES = 256 * 1024;
    private static final int ITEMS = 60;

    @Test
    void aClientThatTakesNothingIsGivenUp() throws Exception {
        CompletableFuture<Summary> ended = new CompletableFuture<>();
        BatchListener listener = new BatchListener() {
            @Override
            public void batchEnded(BatchEvent batch, Summary summary, Duration duration) {
                ended.complete(summary);
            }
        };
        BatchConfig config = BatchConfig.builder()
                .maxEnvelopeBytes(4L * BODY_BYTES)
                .maxConcurrency(2)
                .batchTimeout(Duration.ofMinutes(10))
                .listener(listener)
                .build();
        byte[] body = new byte[BODY_BYTES];
        try (HandlerHost host = HandlerHost.start(
                        config,
                        Map.of(
                                "bytes",
                                (request, response) ->
                                        response.getOutputStream().write(body)));
                Socket client = new Socket()) {
            client.setReceiveBufferSize(32 * 1024);
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), host.port()));
            String[] urls = new String[ITEMS];
            Arrays.fill(urls, "/app/bytes");
            String batch = Envelopes.gets(urls);
            client.getOutputStream()
                    .write(("POST /app/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                    + "Accept: application/x-ndjson\r\nContent-Length: " + batch.length() + "\r\n\r\n"
                                    + batch)
                            .getBytes(StandardCharsets.US_ASCII));
            Summary summary = ended.get(2, TimeUnit.MINUTES);
            assertThat(summary.total()).isEqualTo(ITEMS);
            assertThat(summary.failed()).isPositive();
        }
    }
}
