package io.multistatus.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.transaction.BatchTransaction;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupRunTest {
    private static final Duration SHORT = Duration.ofMillis(250);

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void letGo() {
        release.countDown();
    }

    /** Writes down what happens to it, and on which thread. */
    private final class RecordingTransaction implements BatchTransaction {
        @Nullable
        Throwable onBegin;

        @Nullable
        Throwable onCommit;

        @Nullable
        Throwable onRollback;

        @Nullable
        CountDownLatch beforeCommit;

        @Override
        public Running begin(Duration limit) throws Exception {
            if (onBegin != null) {
                throw sneaky(onBegin);
            }
            log.add("begin");
            Thread thread = Thread.currentThread();
            return new Running() {
                @Override
                public void commit() throws Exception {
                    assertThat(Thread.currentThread()).isSameAs(thread);
                    if (beforeCommit != null) {
                        beforeCommit.await();
                    }
                    log.add("commit");
                    if (onCommit != null) {
                        throw sneaky(onCommit);
                    }
                }

                @Override
                public void rollback() throws Exception {
                    assertThat(Thread.currentThread()).isSameAs(thread);
                    log.add("rollback");
                    if (onRollback != null) {
                        throw sneaky(onRollback);
                    }
                }

                @Override
                public void abandon() {
                    log.add("abandon");
                }
            };
        }
    }

    private static Exception sneaky(Throwable thrown) throws Exception {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (Exception) thrown;
    }

    private TestBatch batch(RecordingTransaction transaction) {
        return new TestBatch((id, sink) -> {
                    log.add(id);
                    if (id.startsWith("hang")) {
                        release.await();
                    }
                    if (!id.startsWith("async")) {
                        sink.head(id.startsWith("bad") ? 409 : 201, Headers.of("X", id));
                        sink.complete();
                    }
                })
                .transaction(transaction)
                .mode(ExecutionMode.PARALLEL);
    }

    private static List<Integer> statuses(List<Subresponse> responses) {
        return responses.stream().map(Subresponse::status).toList();
    }

    private static Problem problem(List<Subresponse> responses, int item) {
        return Plans.problem(responses.get(item));
    }

    @Test
    void aGroupRunsInOrderInOneTransaction() {
        try (TestBatch batch = batch(new RecordingTransaction())) {
            List<Subresponse> responses = batch.run("POST a @g", "POST b @g", "GET c @g");

            assertThat(statuses(responses)).containsExactly(201, 201, 201);
            assertThat(log).containsExactly("begin", "a", "b", "c", "commit");
            assertThat(responses.get(1).headers().first("X")).hasValue("b");
            assertThat(batch.events).containsExactly("begun a", "begun b", "begun c", "ended a", "ended b", "ended c");
        }
    }

    @Test
    void aFailureUndoesTheGroupAndTheRestDoesNotRun() {
        try (TestBatch batch = batch(new RecordingTransaction())) {
            List<Subresponse> responses = batch.run("POST a @g", "POST bad @g", "POST c @g", "POST d @h", "POST e @h");

            assertThat(statuses(responses)).containsExactly(424, 409, 424, 201, 201);
            assertThat(log).containsSubsequence("begin", "a", "bad", "rollback");
            assertThat(log).containsSubsequence("begin", "d", "e", "commit").doesNotContain("c");
            assertThat(problem(responses, 0).type()).isEqualTo("urn:multistatus:rolled-back");
            assertThat(problem(responses, 0).detail())
                    .contains("'bad'")
                    .contains("'g'")
                    .contains("409");
            assertThat(problem(responses, 2).members()).containsEntry("culprit", "bad");
            assertThat(responses.get(0).headers().first("X")).isEmpty();
        }
    }

    @Test
    void whoDependsOnAnItemOfAGroupWaitsForTheCommit() {
        try (TestBatch batch = batch(new RecordingTransaction())) {
            assertThat(statuses(batch.run("POST a @g", "POST b @g", "GET c a", "GET d g")))
                    .containsOnly(201);

            assertThat(log).startsWith("begin", "a", "b", "commit").contains("c", "d");
        }
    }

    @Test
    void whoDependsOnAGroupThatFailedIsToldWhoFailed() {
        try (TestBatch batch = batch(new RecordingTransaction())) {
            List<Subresponse> responses = batch.run("POST a @g", "POST bad @g", "GET c a", "POST d c @h", "POST e @h");

            assertThat(statuses(responses)).containsExactly(424, 409, 424, 424, 424);
            assertThat(problem(responses, 2).members()).containsEntry("culprit", "bad");
            assertThat(problem(responses, 3).members())
                    .containsEntry("culprit", "bad")
                    .containsEntry("dependency", "c");
            assertThat(problem(responses, 4).detail()).contains("'d'").contains("'h'");
            assertThat(log).containsExactly("begin", "a", "bad", "rollback");
        }
    }

    @Test
    void aGroupWithAnItemThatCannotRunIsNotBegun() {
        try (TestBatch batch = batch(new RecordingTransaction())) {
            // A batch in a batch.
            List<Subresponse> responses = batch.run("POST a @g", "POST batch @g");

            assertThat(statuses(responses)).containsExactly(424, 400);
            assertThat(log).containsExactly("begin", "a", "rollback");
        }
    }

    /** Where its answer gets there before its handler is back, a container may give it on the thread of the group. */
    @Test
    void anItemThatIsAsynchronousFailsItsGroupHoweverQuickItIs() {
        try (TestBatch batch = new TestBatch((id, sink) -> {
            log.add(id);
            if (id.equals("quick")) {
                BatchExecutor.handlerWentAsync();
            }
            TestBatch.ok(sink);
        })) {
            List<Subresponse> responses = batch.transaction(new RecordingTransaction())
                    .run("POST a @g", "POST quick @g", "POST c @g", "POST after");

            assertThat(statuses(responses)).containsExactly(424, 501, 424, 200);
            assertThat(problem(responses, 1).type()).isEqualTo("urn:multistatus:asynchronous-in-group");
            assertThat(log).containsExactly("begin", "a", "quick", "rollback", "after");
        }
    }

    @Test
    void anItemThatIsAsynchronousFailsItsGroup() {
        try (TestBatch batch = batch(new RecordingTransaction())) {
            List<Subresponse> responses = batch.run("POST a @g", "POST async @g", "POST c @g");

            assertThat(statuses(responses)).containsExactly(424, 501, 424);
            assertThat(problem(responses, 1).type()).isEqualTo("urn:multistatus:asynchronous-in-group");
            assertThat(log).containsExactly("begin", "a", "async", "rollback");
            await().until(() -> batch.cancelled.contains("async"));
        }
    }

    @Test
    void withoutATransactionNothingRuns() {
        RecordingTransaction transaction = new RecordingTransaction();
        transaction.onBegin = new IllegalStateException("no connection");
        try (TestBatch batch = batch(transaction)) {
            List<Subresponse> responses = batch.run("POST a @g", "POST b @g", "GET c");

            assertThat(statuses(responses)).containsExactly(503, 503, 201);
            assertThat(batch.dispatched).containsExactly("c");
        }
    }

    @Test
    void aRefusedCommitIsAFailureOfAll() {
        RecordingTransaction transaction = new RecordingTransaction();
        transaction.onCommit = new BatchTransaction.RolledBackException("constraint", new IllegalStateException());
        try (TestBatch batch = batch(transaction)) {
            List<Subresponse> responses = batch.run("POST a @g", "POST b @g");

            assertThat(statuses(responses)).containsExactly(424, 424);
            assertThat(problem(responses, 0).type()).isEqualTo("urn:multistatus:commit-failed");
        }
    }

    @Test
    void aCommitThatNobodyKnowsTheEndOfIsReportedAsSuch() {
        RecordingTransaction transaction = new RecordingTransaction();
        transaction.onCommit = new IllegalStateException("connection lost");
        try (TestBatch batch = batch(transaction)) {
            List<Subresponse> responses = batch.run("POST a @g", "POST b @g");

            assertThat(statuses(responses)).containsExactly(500, 500);
            assertThat(problem(responses, 1).type()).isEqualTo("urn:multistatus:commit-in-doubt");
        }
    }

    @Test
    void aRollbackThatNobodyKnowsTheEndOfIsReportedAsSuch() {
        RecordingTransaction transaction = new RecordingTransaction();
        transaction.onRollback = new IllegalStateException("connection lost");
        try (TestBatch batch = batch(transaction)) {
            List<Subresponse> responses = batch.run("POST a @g", "POST bad @g", "POST c @g");

            assertThat(statuses(responses)).containsExactly(500, 409, 500);
            assertThat(problem(responses, 0).type()).isEqualTo("urn:multistatus:commit-in-doubt");
        }
    }

    /** As it is with a driver that lacks a class. */
    @Test
    void anErrorOfATransactionIsTheAffairOfItsGroupOnly() {
        RecordingTransaction begin = new RecordingTransaction();
        begin.onBegin = new NoClassDefFoundError();
        RecordingTransaction commit = new RecordingTransaction();
        commit.onCommit = new NoClassDefFoundError();
        RecordingTransaction rollback = new RecordingTransaction();
        rollback.onRollback = new NoClassDefFoundError();
        try (TestBatch first = batch(begin);
                TestBatch second = batch(commit);
                TestBatch third = batch(rollback)) {
            assertThat(statuses(first.run("POST a @g", "POST b @g", "GET c"))).containsExactly(503, 503, 201);
            assertThat(statuses(second.run("POST a @g", "POST b @g", "GET c"))).containsExactly(500, 500, 201);
            assertThat(statuses(third.run("POST a @g", "POST bad @g", "GET c"))).containsExactly(500, 409, 201);
        }
    }

    @Test
    void aGroupThatTakesTooLongIsAnsweredAtOnceAndUndoneWhenItsHandlerComesBack() throws Exception {
        try (TestBatch batch = batch(new RecordingTransaction()).itemTimeout(SHORT)) {
            BatchRun run = batch.begin("POST a @g", "POST hang @g", "POST c @g", "GET d");
            Thread reader = new Thread(() -> run.workAsReader(true));
            reader.start();

            await().until(() -> batch.events.contains("ended c"));
            assertThat(log).doesNotContain("rollback", "commit");
            assertThat(batch.events).containsSubsequence("timed out hang", "failed hang");
            await().until(() -> log.contains("abandon"));
            release.countDown();
            reader.join();

            assertThat(log).contains("rollback").doesNotContain("commit", "c");
            await().until(() -> batch.events.contains("ended d"));
            List<Subresponse> responses = run.responses();
            assertThat(statuses(responses)).containsExactly(424, 504, 424, 201);
            assertThat(problem(responses, 1).detail()).contains("'hang'");
        }
    }

    @Test
    void aCommitThatTakesTooLongIsInDoubt() throws Exception {
        RecordingTransaction transaction = new RecordingTransaction();
        transaction.beforeCommit = release;
        try (TestBatch batch = batch(transaction).itemTimeout(SHORT)) {
            BatchRun run = batch.begin("POST a @g", "POST b @g");
            Thread reader = new Thread(() -> run.workAsReader(true));
            reader.start();

            await().until(() -> batch.events.contains("ended b"));
            release.countDown();
            reader.join();

            assertThat(statuses(run.responses())).containsExactly(504, 504);
            assertThat(problem(run.responses(), 0).type()).isEqualTo("urn:multistatus:commit-in-doubt");
            assertThat(log).doesNotContain("rollback");
        }
    }

    @Test
    void aStopUndoesWhatIsNotCommitted() throws Exception {
        TestBatch batch = batch(new RecordingTransaction());
        BatchRun run = batch.begin("POST a @g", "POST hang @g", "POST c @g");
        Thread reader = new Thread(() -> run.workAsReader(true));
        reader.start();
        await().until(() -> log.contains("hang"));

        batch.close();
        release.countDown();
        reader.join();

        assertThat(statuses(run.responses())).containsExactly(424, 503, 424);
        assertThat(log).contains("rollback").doesNotContain("commit", "c");
    }
}
