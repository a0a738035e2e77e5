package io.multistatus.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multistatus.format.Dialect;
import io.multistatus.job.JobStore.Lease;
import io.multistatus.model.Batch;
import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every store of jobs does, asked by the node that runs the jobs. */
abstract class JobStoreContract {
    static final Duration HOUR = Duration.ofHours(1);

    /** The store that is tried. */
    abstract JobStore store() throws Exception;

    static Job job(int size) {
        List<Subrequest> items = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            items.add(new Subrequest(
                    i, ItemId.of("i" + i), "GET", "/things/" + i, Headers.of("X", "y"), null, List.of(), null, null));
        }
        return new Job(JobId.random(), "u:somebody", Dialect.ODATA, "application/json", new Batch(items));
    }

    static JobAnswer answer(int item, int status) {
        return answer(item, status, ("body of " + item).getBytes(StandardCharsets.UTF_8));
    }

    static JobAnswer answer(int item, int status, byte[] body) {
        return new JobAnswer(
                item,
                "/things/" + item,
                Subresponse.of(status, Headers.of("Content-Type", "text/plain"), ByteBuffer.wrap(body)));
    }

    static Job running(JobStore store, int size) throws Exception {
        Job job = job(size);
        store.create(job, HOUR);
        assertThat(store.begin(job.id())).isTrue();
        return job;
    }

    static JobStatus status(JobStore store, Job job) throws Exception {
        return store.find(job.id()).orElseThrow().status();
    }

    static Map<Integer, List<@Nullable Object>> answers(JobStore store, Job job) throws Exception {
        return Written.out(store.content(job.id()).orElseThrow().answers());
    }

    @Test
    void aJobIsKnownAsItWasCreated() throws Exception {
        JobStore store = store();
        Job job = job(3);
        JobStatus created = store.create(job, HOUR);
        assertThat(created.id()).isEqualTo(job.id());
        assertThat(created.state()).isEqualTo(JobState.QUEUED);
        assertThat(created.total()).isEqualTo(3);
        assertThat(created.completed()).isZero();
        assertThat(created.expiresAt()).isEqualTo(created.createdAt().plus(HOUR));
        assertThat(store.find(job.id()))
                .contains(new KnownJob(created, "u:somebody", Dialect.ODATA, "application/json"));
        JobContent content = store.content(job.id()).orElseThrow();
        assertThat(Written.out(content.batch())).isEqualTo(Written.out(job.batch()));
        assertThat(content.answers()).isEmpty();
    }

    @Test
    void anIdIsTakenOnce() throws Exception {
        JobStore store = store();
        Job job = running(store, 1);
        assertThatThrownBy(() -> store.create(job, HOUR)).isInstanceOf(JobStoreException.class);
        assertThat(status(store, job).state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void answersAreRememberedAndCounted() throws Exception {
        JobStore store = store();
        Job job = running(store, 5);
        JobAnswer fault = new JobAnswer(
                4,
                "",
                Subresponse.of(
                        Problem.of(424, "x", "Title").with("culprit", "a").with("limit", 5)));
        assertThat(store.record(job.id(), List.of(answer(0, 200), answer(2, 399))))
                .isTrue();
        assertThat(store.record(job.id(), List.of(answer(3, 400), fault))).isTrue();
        assertThat(store.record(job.id(), List.of())).isTrue();

        JobStatus status = status(store, job);
        assertThat(status.state()).isEqualTo(JobState.RUNNING);
        assertThat(status.succeeded()).isEqualTo(2);
        assertThat(status.failed()).isEqualTo(2);
        assertThat(status.completed()).isEqualTo(4);
        assertThat(answers(store, job))
                .isEqualTo(Written.out(Map.of(0, answer(0, 200), 2, answer(2, 399), 3, answer(3, 400), 4, fault)));
    }

    @Test
    void whatIsRecordedAgainCountsOnce() throws Exception {
        JobStore store = store();
        Job job = running(store, 4);
        store.record(job.id(), List.of(answer(0, 200), answer(1, 500), answer(1, 200)));
        assertThat(store.record(job.id(), List.of(answer(0, 200), answer(1, 500))))
                .isTrue();
        assertThat(store.record(job.id(), List.of(answer(2, 500), answer(0, 404))))
                .isTrue();

        assertThat(status(store, job).succeeded()).isEqualTo(1);
        assertThat(status(store, job).failed()).isEqualTo(2);
        assertThat(answers(store, job))
                .isEqualTo(Written.out(Map.of(0, answer(0, 200), 1, answer(1, 500), 2, answer(2, 500))));
    }

    @Test
    void anAnswerToNoItemIsRefused() throws Exception {
        JobStore store = store();
        Job job = running(store, 2);
        for (int item : new int[] {-1, 2}) {
            assertThatThrownBy(() -> store.record(job.id(), List.of(answer(0, 200), answer(item, 200))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("item " + item + " of a batch of 2");
        }
        assertThat(status(store, job).completed()).isZero();
        assertThat(answers(store, job)).isEmpty();
    }

    @Test
    void answersOfOneJobAreRecordedInParallel() throws Exception {
        JobStore store = store();
        int size = 200;
        Job job = running(store, size);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < size; i += 2) {
                // Each overlaps with the next.
                List<JobAnswer> answers = new ArrayList<>();
                for (int item = i; item < Math.min(size, i + 4); item++) {
                    answers.add(answer(item, item % 10 == 0 ? 500 : 200));
                }
                all.add(threads.submit(() -> store.record(job.id(), answers)));
            }
            for (Future<Boolean> each : all) {
                assertThat(each.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(status(store, job).succeeded()).isEqualTo(180);
        assertThat(status(store, job).failed()).isEqualTo(20);
        assertThat(answers(store, job)).hasSize(size);
    }

    @Test
    void aJobThatIsOverStaysAsItIs() throws Exception {
        JobStore store = store();
        Job job = running(store, 2);
        store.record(job.id(), List.of(answer(0, 200)));
        store.end(job.id(), JobState.CANCELLED, Duration.ofMinutes(5));
        JobStatus over = status(store, job);
        assertThat(over.state()).isEqualTo(JobState.CANCELLED);
        assertThat(over.expiresAt())
                .isBetween(
                        over.createdAt().plus(Duration.ofMinutes(5)),
                        over.createdAt().plus(HOUR).minusMillis(1));

        store.end(job.id(), JobState.DONE, HOUR);
        assertThat(store.record(job.id(), List.of(answer(1, 200)))).isFalse();
        assertThat(store.begin(job.id())).isFalse();
        assertThat(store.cancel(job.id())).isFalse();
        assertThat(store.renew(List.of(job.id()))).isEqualTo(Map.of(job.id(), Lease.LOST));
        assertThat(status(store, job)).isEqualTo(over);
        assertThat(answers(store, job)).isEqualTo(Written.out(Map.of(0, answer(0, 200))));
    }

    @Test
    void aQueuedJobMayEnd() throws Exception {
        JobStore store = store();
        Job job = job(1);
        store.create(job, HOUR);
        assertThatThrownBy(() -> store.end(job.id(), JobState.RUNNING, HOUR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("RUNNING");
        store.end(job.id(), JobState.INTERRUPTED, HOUR);
        assertThat(status(store, job).state()).isEqualTo(JobState.INTERRUPTED);
        assertThat(store.begin(job.id())).isFalse();
    }

    @Test
    void whatIsCancelledIsToldToWhoRunsIt() throws Exception {
        JobStore store = store();
        Job job = running(store, 1);
        Job queued = job(1);
        store.create(queued, HOUR);
        JobId unknown = JobId.random();
        assertThat(store.renew(List.of(job.id(), queued.id(), unknown)))
                .isEqualTo(Map.of(job.id(), Lease.HELD, queued.id(), Lease.HELD, unknown, Lease.LOST));
        assertThat(store.cancel(job.id())).isTrue();
        assertThat(store.cancel(unknown)).isFalse();
        assertThat(store.renew(List.of(job.id(), queued.id(), unknown)))
                .isEqualTo(Map.of(job.id(), Lease.CANCEL_REQUESTED, queued.id(), Lease.HELD, unknown, Lease.LOST));
        assertThat(store.renew(List.of())).isEmpty();
    }

    @Test
    void whatIsDeletedIsForgotten() throws Exception {
        JobStore store = store();
        Job job = running(store, 1);
        Job other = running(store, 1);
        store.record(job.id(), List.of(answer(0, 200)));
        store.record(other.id(), List.of(answer(0, 200)));
        store.delete(job.id());
        assertThat(status(store, job).state()).isEqualTo(JobState.RUNNING);

        store.end(job.id(), JobState.DONE, HOUR);
        store.delete(job.id());
        store.delete(job.id());
        assertUnknown(store, job);
        assertThat(answers(store, other)).hasSize(1);
    }

    @Test
    void whoseTimeIsOverIsForgotten() throws Exception {
        JobStore store = store();
        Job job = running(store, 1);
        store.record(job.id(), List.of(answer(0, 200)));
        store.end(job.id(), JobState.DONE, Duration.ofMillis(1));
        Job running = job(1);
        store.create(running, Duration.ofMillis(1));
        await().until(() ->
                store.find(job.id()).isEmpty() && store.find(running.id()).isEmpty());
        assertUnknown(store, job);
        assertUnknown(store, running);
    }

    static void assertUnknown(JobStore store, Job job) throws Exception {
        assertThat(store.find(job.id())).isEmpty();
        assertThat(store.content(job.id())).isEmpty();
        assertThat(store.begin(job.id())).isFalse();
        assertThat(store.record(job.id(), List.of(answer(0, 200)))).isFalse();
        assertThat(store.cancel(job.id())).isFalse();
        store.end(job.id(), JobState.DONE, HOUR);
        store.delete(job.id());
        assertThat(store.find(job.id())).isEmpty();
        assertThat(store.renew(List.of(job.id()))).isEqualTo(Map.of(job.id(), Lease.LOST));
    }
}
