package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multistatus.BatchConfig;
import io.multistatus.support.Envelopes;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients that go away before their answer is written, while nobody reads from them or writes to them. */
@Tag("container")
@Tag("equivalence")
class AbandonedAnswerIT {
    private static final int BODY_BYTES = 200 * 1024;
    private static final int ABANDONED = 8;
    private static final int PATIENCE_SECONDS = 60;

    private final byte[] body = new byte[BODY_BYTES];
    private final CyclicBarrier bothAtWork = new CyclicBarrier(2);
    private final Semaphore readerLeaves = new Semaphore(0);
    private final Semaphore clientGone = new Semaphore(0);

    @Test
    void theRoomOfTheirAnswersIsGivenBack() throws Exception {
        BatchConfig config = BatchConfig.builder()
                .maxBatchBytes(4096)
                .maxEnvelopeBytes(4L * BODY_BYTES)
                .maxBufferedBytes(4096 + 4L * BODY_BYTES)
                .build();
        Map<String, HandlerHost.Handler> handlers = Map.of(
                "reader", (request, response) -> bothAtWork.await(PATIENCE_SECONDS, TimeUnit.SECONDS),
                "helper",
                        (request, response) -> {
                            bothAtWork.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                            readerLeaves.release();
                            clientGone.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
                            response.getOutputStream().write(body);
                        },
                "bytes", (request, response) -> response.getOutputStream().write(body));
        try (HandlerHost host = HandlerHost.start(config, handlers)) {
            for (int i = 0; i < ABANDONED; i++) {
                abandon(host);
            }

            await().atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                    .untilAsserted(() -> assertThat(statuses(host)).containsExactly(200, 200, 200));
        }
    }

    /** The thread that has read the batch is back when the answer to the second item comes, and the client has gone. */
    private void abandon(HandlerHost host) throws IOException, InterruptedException {
        try (Socket client = host.postAndKeepSocket(get(1, "reader"), get(2, "helper"))) {
            assertThat(readerLeaves.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isTrue();
            client.setSoLinger(true, 0);
        }
        clientGone.release();
    }

    private static List<Integer> statuses(HandlerHost host) throws IOException, InterruptedException {
        return Envelopes.statuses(host.post(get(1, "bytes"), get(2, "bytes"), get(3, "bytes")));
    }

    private static String get(int id, String handler) {
        return "{\"id\":" + id + ",\"method\":\"GET\",\"url\":\"/app/" + handler + "\"}";
    }
}
