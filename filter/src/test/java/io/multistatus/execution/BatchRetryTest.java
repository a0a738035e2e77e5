package io.multistatus.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multistatus.dispatch.ResponseSink;
import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Items that are tried again, in batches whose reader has left. */
class BatchRetryTest {
    private static final Problem NOBODY = Problem.of(503, "nobody", "Nobody waits");
    private static final Duration SHORT = Duration.ofMillis(60);

    private final CountDownLatch release = new CountDownLatch(1);
    private final Map<String, Integer> tries = new ConcurrentHashMap<>();

    @AfterEach
    void letGo() {
        release.countDown();
    }

    private static void answer(ResponseSink sink, int status, int bytes, String... fields) throws IOException {
        sink.head(status, Headers.of(fields));
        sink.data(TestBatch.bytes(bytes));
        sink.complete();
    }

    /** Answers 503 so many times, with a body, and then 200. */
    private TestBatch.Host flaky(int times, String... fields) {
        return (id, sink) -> {
            if (tries.merge(id, 1, Integer::sum) <= times) {
                answer(sink, 503, 50, fields);
            } else {
                answer(sink, 200, 10);
            }
        };
    }

    private static BatchRun leave(BatchRun run) {
        assertThat(run.workAsReader(true)).isEqualTo(BatchRun.ReaderResult.OTHERS_AT_WORK);
        assertThat(run.readerLeaves()).isEqualTo(BatchRun.ReaderResult.OTHERS_AT_WORK);
        return run;
    }

    private static List<Integer> statuses(BatchRun run) {
        return run.responses().stream().map(Subresponse::status).toList();
    }

    @Test
    void anItemIsTriedAgainAndTheNextWaitsForIt() throws Exception {
        try (TestBatch batch = new TestBatch(flaky(1)).retries(2)) {
            BatchRun run = leave(batch.begin("GET a", "PUT b", "GET c a"));
            batch.awaitDelivered();
            assertThat(statuses(run)).containsExactly(200, 503, 200);
            assertThat(batch.dispatched).containsExactly("a", "a", "b", "c", "c");
            // What the first answer took has been given back.
            assertThat(batch.filterBudget.heldBytes()).isEqualTo(10 + 50 + 10);
        }
    }

    @Test
    void afterTheLastTryTheAnswerIsFinal() throws Exception {
        try (TestBatch batch = new TestBatch(flaky(9)).retries(1)) {
            BatchRun run = leave(batch.begin("GET a"));
            batch.awaitDelivered();
            assertThat(statuses(run)).containsExactly(503);
            assertThat(batch.dispatched).containsExactly("a", "a");
            assertThat(batch.events).containsExactly("begun a", "postponed a", "begun a", "failed a", "ended a");
        }
    }

    @Test
    void aBatchThatStopsAtErrorsWaitsForTheLastTry() throws Exception {
        try (TestBatch batch = new TestBatch(flaky(1)).retries(1).stopOnError()) {
            BatchRun run = leave(batch.begin("GET a", "PUT b", "PUT c"));
            batch.awaitDelivered();
            assertThat(statuses(run)).containsExactly(200, 503, 424);
            assertThat(batch.dispatched).containsExactly("a", "a", "b");
        }
    }

    @Test
    void whatWaitsWhenNobodyWaitsForItHasItsLastAnswer() throws Exception {
        try (TestBatch batch = new TestBatch(flaky(1, "Retry-After", "300")).retries(3)) {
            BatchRun run = leave(batch.begin("GET a", "PUT b"));
            await().until(() -> batch.events.contains("postponed a"));
            run.cancelRest(NOBODY);
            batch.awaitDelivered();
            assertThat(run.responses().get(0).problem()).isNull();
            assertThat(run.responses().get(1).problem()).isEqualTo(NOBODY);
            assertThat(batch.dispatched).containsExactly("a");
        }
    }

    @Test
    void whatWaitsWhenTheBatchesTimeIsUpHasItsLastAnswer() throws Exception {
        try (TestBatch batch = new TestBatch(flaky(1, "Retry-After", "300"))
                .batchTimeout(Duration.ofMillis(400))
                .retries(3)) {
            BatchRun run = leave(batch.begin("GET a", "PUT b"));
            batch.awaitDelivered();
            assertThat(statuses(run)).containsExactly(503, 504);
            assertThat(run.responses().get(0).problem()).isNull();
            assertThat(batch.dispatched).containsExactly("a");
        }
    }

    /** It used to be tried again, since 504 may pass. */
    @Test
    void whatRunsWhenTheBatchesTimeIsUpIsNotTriedAgain() throws Exception {
        try (TestBatch batch =
                new TestBatch((id, sink) -> release.await()).batchTimeout(SHORT).retries(3)) {
            BatchRun run = batch.begin("GET a");
            leave(run, batch);
            batch.awaitDelivered();
            assertThat(statuses(run)).containsExactly(504);
            assertThat(batch.events).containsExactly("begun a", "timed out a", "failed a", "ended a");
        }
    }

    /** The same, since 503 may pass: its handler was begun once more while the app was stopping. */
    @Test
    void whatRunsWhenTheAppStopsIsNotTriedAgain() throws Exception {
        try (TestBatch batch = new TestBatch((id, sink) -> release.await()).retries(3)) {
            BatchRun run = batch.begin("GET a", "GET b a");
            leave(run, batch);
            await().until(() -> batch.dispatched.contains("a"));
            run.stop();
            batch.awaitDelivered();
            assertThat(statuses(run)).containsExactly(503, 503);
            assertThat(batch.events).doesNotContain("postponed a");
            assertThat(batch.dispatched).containsExactly("a");
        }
    }

    /** For handlers that hold the thread: the reader leaves at once, as that of a job. */
    private static void leave(BatchRun run, TestBatch batch) {
        assertThat(run.readerLeaves()).isEqualTo(BatchRun.ReaderResult.OTHERS_AT_WORK);
        assertThat(batch.deliveries).isEmpty();
    }

    @Test
    void aHandlerThatHoldsItsThreadSinceAnEarlierTryHoldsUpNobody() throws Exception {
        AtomicReference<IOException> tooLate = new AtomicReference<>();
        CountDownLatch written = new CountDownLatch(1);
        try (TestBatch batch = new TestBatch((id, sink) -> {
                    if (tries.merge(id, 1, Integer::sum) > 1) {
                        answer(sink, 200, 10);
                        return;
                    }
                    release.await();
                    try {
                        answer(sink, 201, 20);
                    } catch (IOException e) {
                        tooLate.set(e);
                    } finally {
                        written.countDown();
                    }
                })
                .itemTimeout(SHORT)
                .retries(3)) {
            BatchRun run = batch.begin("GET a");
            leave(run, batch);
            batch.awaitDelivered();
            assertThat(statuses(run)).containsExactly(200);
            release.countDown();
            written.await();
            assertThat(tooLate.get()).isNotNull();
            assertThat(statuses(run)).containsExactly(200);
            await().until(() -> batch.executor.stuckThreads() == 0);
        }
    }

    /** Each try used to take room for it again, until there was none. */
    @Test
    void whatAnItemRefersToTakesRoomOnce() throws Exception {
        String longValue = "x".repeat(60);
        try (TestBatch batch = new TestBatch((id, sink) -> {
                    if (id.equals("a")) {
                        sink.head(200, Headers.of("X", longValue));
                        sink.complete();
                    } else if (tries.merge("b", 1, Integer::sum) <= 2) {
                        answer(sink, 503, 0);
                    } else {
                        answer(sink, 200, 0);
                    }
                })
                .retries(2)) {
            BatchRun run = leave(batch.begin("GET a", "GET b?{$a.header.X} a"));
            batch.awaitDelivered();
            assertThat(statuses(run)).containsExactly(200, 200);
            assertThat(batch.dispatched).isEqualTo(List.of("a", "b?" + longValue, "b?" + longValue, "b?" + longValue));
            assertThat(Collections.frequency(batch.dispatched, "a")).isEqualTo(1);
            // The header of the one, what the other refers to, and no more.
            assertThat(batch.filterBudget.heldBytes()).isLessThan(Headers.BYTES_PER_FIELD + 3L * longValue.length());
        }
    }
}
