package io.multistatus.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multistatus.dispatch.ResponseSink;
import io.multistatus.event.BatchListener;
import io.multistatus.event.ItemEvent;
import io.multistatus.model.Headers;
import io.multistatus.model.Subresponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchRunTest {
    private static final Duration SHORT = Duration.ofMillis(60);

    private final CountDownLatch release = new CountDownLatch(1);
    private final Map<String, ResponseSink> pending = new ConcurrentHashMap<>();

    @AfterEach
    void letGo() {
        release.countDown();
        Thread.interrupted();
    }

    @Test
    void listenersAreToldOfEachItemInOrder() {
        try (TestBatch batch = new TestBatch((id, sink) -> {
            sink.head(id.equals("b") ? 404 : 200, Headers.empty());
            sink.complete();
        })) {
            batch.run("PUT a", "PUT b", "PUT c b", "POST batch");
            assertThat(batch.events)
                    .containsExactly(
                            "begun a",
                            "ended a",
                            "begun b",
                            "failed b",
                            "ended b",
                            "failed c",
                            "ended c",
                            "failed batch",
                            "ended batch");
        }
    }

    @Test
    void aRefusedItemIsNeverDispatched() {
        try (TestBatch batch = new TestBatch((id, sink) -> TestBatch.ok(sink))) {
            List<Subresponse> responses = batch.run("POST batch", "PUT a @g", "PUT b @g", "GET c");
            assertThat(responses).extracting(Subresponse::status).containsExactly(400, 501, 501, 200);
            assertThat(batch.dispatched).containsExactly("c");
        }
    }

    @Test
    void anItemThatTakesTooLongIs504AndTheOthersGoOn() throws Exception {
        try (TestBatch batch = new TestBatch((id, sink) -> {
                    if (id.equals("a")) {
                        pending.put(id, sink);
                    } else {
                        TestBatch.ok(sink);
                    }
                })
                .itemTimeout(SHORT)) {
            BatchRun run = batch.begin("PUT a", "PUT b");
            assertThat(run.workAsReader(true)).isEqualTo(BatchRun.ReaderResult.OTHERS_AT_WORK);
            assertThat(run.readerLeaves()).isEqualTo(BatchRun.ReaderResult.OTHERS_AT_WORK);
            batch.awaitDelivered();
            assertThat(run.responses()).extracting(Subresponse::status).containsExactly(504, 200);
            assertThat(batch.deliveries).containsExactly(false);
            assertThat(batch.events)
                    .containsExactly("begun a", "timed out a", "failed a", "ended a", "begun b", "ended b");
            await().until(() -> batch.cancelled.contains("a"));

            answer("a");
            assertThat(run.responses().get(0).status()).isEqualTo(504);
            assertThat(batch.filterBudget.heldBytes()).isZero();
        }
    }

    /** The items that wait for the one that hangs used to get ready, and were begun, as its time was up. */
    @Test
    void nothingBeginsOnceTheBatchesTimeIsUp() throws Exception {
        try (TestBatch batch = new TestBatch((id, sink) -> pending.put(id, sink)).batchTimeout(SHORT)) {
            String[] items = new String[50];
            for (int i = 0; i < items.length; i++) {
                items[i] = "PUT i" + i;
            }
            BatchRun run = batch.begin(items);
            run.workAsReader(true);
            run.readerLeaves();
            batch.awaitDelivered();
            assertThat(run.responses()).extracting(Subresponse::status).containsOnly(504);
            assertThat(batch.dispatched).containsExactly("i0");
        }
    }

    @Test
    void aHandlerThatHoldsTheReadersThreadDoesNotHoldUpTheAnswer() throws Exception {
        try (TestBatch batch = new TestBatch((id, sink) -> {
            TestBatch.ok(sink);
            release.await();
        })) {
            BatchRun run = batch.begin("GET a");
            List<BatchRun.ReaderResult> results = new ArrayList<>();
            Thread reader = new Thread(() -> results.add(run.workAsReader(false)));
            reader.start();
            batch.awaitDelivered();
            assertThat(batch.deliveries).containsExactly(true);
            assertThat(batch.executor.stuckThreads()).isEqualTo(1);
            release.countDown();
            reader.join();
            assertThat(results).containsExactly(BatchRun.ReaderResult.GIVEN_UP);
            assertThat(batch.executor.stuckThreads()).isZero();
        }
    }

    /** Containers clear the flag between requests; here the next item used to find it. */
    @Test
    void anInterruptThatOneHandlerLeavesBehindDoesNotReachTheNextItem() {
        List<Boolean> interrupted = new ArrayList<>();
        try (TestBatch batch = new TestBatch((id, sink) -> {
            interrupted.add(Thread.currentThread().isInterrupted());
            TestBatch.ok(sink);
            Thread.currentThread().interrupt();
        })) {
            assertThat(batch.run("PUT a", "PUT b"))
                    .extracting(Subresponse::status)
                    .containsOnly(200);
            assertThat(interrupted).containsExactly(false, false);
        }
    }

    /** With the flag set the reader could not wait for its other items, so all of them were given up. */
    @Test
    void anInterruptThatAHandlerLeavesBehindDoesNotStopTheBatch() throws Exception {
        try (TestBatch batch = new TestBatch((id, sink) -> {
            if (id.equals("a")) {
                Thread.currentThread().interrupt();
            }
            pending.put(id, sink);
        })) {
            BatchRun run = batch.begin("PUT a", "PUT b");
            Thread reader = new Thread(() -> run.workAsReader(false));
            reader.start();
            await().until(() -> reader.getState() == Thread.State.WAITING);
            answer("a");
            await().until(() -> pending.containsKey("b"));
            answer("b");
            reader.join();
            assertThat(run.responses()).extracting(Subresponse::status).containsOnly(200);
        }
    }

    @Test
    void aReaderThatIsInterruptedWhileItWaitsAnswersWhatItHas() throws Exception {
        try (TestBatch batch = new TestBatch((id, sink) -> pending.put(id, sink))) {
            BatchRun run = batch.begin("PUT a", "PUT b");
            Thread reader = new Thread(() -> run.workAsReader(false));
            reader.start();
            await().until(() -> reader.getState() == Thread.State.WAITING);
            reader.interrupt();
            reader.join();
            assertThat(run.responses()).extracting(Subresponse::status).containsExactly(503, 503);
            assertThat(batch.dispatched).containsExactly("a");
        }
    }

    @Test
    void closingAnswersWhatIsStillOpen() throws Exception {
        try (TestBatch batch = new TestBatch((id, sink) -> pending.put(id, sink))) {
            BatchRun run = batch.begin("PUT a", "PUT b");
            run.workAsReader(true);
            run.readerLeaves();
            batch.executor.close();
            batch.awaitDelivered();
            assertThat(run.responses()).extracting(Subresponse::status).containsOnly(503);
        }
    }

    /** Nobody would have gone on with it once its reader had left. */
    @Test
    void aBatchThatComesWhileTheFilterStopsIsAnsweredAtOnce() {
        try (TestBatch batch = new TestBatch((id, sink) -> pending.put(id, sink))) {
            batch.executor.close();
            assertThat(batch.run("PUT a", "PUT b"))
                    .extracting(Subresponse::status)
                    .containsOnly(503);
            assertThat(batch.dispatched).isEmpty();
        }
    }

    /** The worker used to be lost, and its item was 504 only when its time was up. */
    @Test
    void anItemThatCannotEvenBeBegunIsItsOwn500() {
        BatchListener failing = new BatchListener() {
            @Override
            public void itemBegun(ItemEvent item) {
                if (item.request().label().equals("a")) {
                    throw new OutOfMemoryError("planned");
                }
            }
        };
        try (TestBatch batch = new TestBatch((id, sink) -> TestBatch.ok(sink))) {
            BatchRun run = batch.begin(failing, "PUT a", "PUT b");
            assertThat(run.workAsReader(false)).isEqualTo(BatchRun.ReaderResult.DELIVER);
            assertThat(run.responses()).extracting(Subresponse::status).containsExactly(500, 200);
            assertThat(Objects.requireNonNull(run.responses().get(0).problem()).detail())
                    .contains("'a'");
        }
    }

    /** A scheduled task that throws is not run again. */
    @Test
    void anErrorOnTheClocksThreadStopsNoTimeLimits() {
        AtomicInteger timeouts = new AtomicInteger();
        BatchListener failing = new BatchListener() {
            @Override
            public void itemTimedOut(ItemEvent item, Duration limit) {
                timeouts.incrementAndGet();
                throw new OutOfMemoryError("planned");
            }
        };
        try (TestBatch batch = new TestBatch((id, sink) -> pending.put(id, sink)).itemTimeout(SHORT)) {
            BatchRun first = batch.begin(failing, "PUT a");
            BatchRun second = batch.begin(failing, "PUT a");
            first.workAsReader(true);
            second.workAsReader(true);
            await().until(() -> timeouts.get() == 2);
        }
    }

    @Test
    void whatIsParallelIsSharedWithHelpers() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        try (TestBatch batch = new TestBatch((id, sink) -> {
                    both.countDown();
                    both.await();
                    TestBatch.ok(sink);
                })
                .mode(ExecutionMode.PARALLEL)) {
            assertThat(batch.run("GET a", "GET b"))
                    .extracting(Subresponse::status)
                    .containsOnly(200);
        }
    }

    private void answer(String id) {
        TestBatch.ok(Objects.requireNonNull(pending.get(id)));
    }
}
