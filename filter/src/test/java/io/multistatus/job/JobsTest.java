package io.multistatus.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multistatus.dispatch.Exchange;
import io.multistatus.dispatch.ResponseSink;
import io.multistatus.event.BatchEvent;
import io.multistatus.event.BatchListener;
import io.multistatus.execution.Atomicity;
import io.multistatus.execution.BatchBudget;
import io.multistatus.execution.BatchExecutor;
import io.multistatus.execution.BatchTask;
import io.multistatus.execution.BufferBudget;
import io.multistatus.execution.ExecutionMode;
import io.multistatus.execution.ExecutionPlan;
import io.multistatus.execution.RetryPolicy;
import io.multistatus.execution.RunLimits;
import io.multistatus.model.BatchException;
import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import io.multistatus.model.WireRequest;
import io.multistatus.reference.ReferenceResolver;
import io.multistatus.support.BatchEvents;
import io.multistatus.support.StubDispatcher;
import io.multistatus.wire.HeaderNamePatterns;
import io.multistatus.wire.HeaderRules;
import io.multistatus.wire.OuterRequest;
import io.multistatus.wire.PathPatterns;
import io.multistatus.wire.RequestAssembler;
import io.multistatus.wire.TargetRules;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The jobs of a node, with a store that does what is wanted and a host that answers when it is let. */
class JobsTest {
    private static final int BODY_BYTES = 1_000;
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final JobSettings SETTINGS =
            new JobSettings(1, 1, LONG, LONG, Duration.ofMillis(50), Duration.ofMillis(300));

    private final BufferBudget room = new BufferBudget(1 << 20);
    private final BatchExecutor executor =
            new BatchExecutor(2, false, getClass().getClassLoader());
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger dispatched = new AtomicInteger();
    private final List<String> told = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        release.countDown();
        executor.close();
    }

    private Jobs jobs(JobStore store) {
        return new Jobs(store, SETTINGS, executor);
    }

    private RunningJob submit(Jobs jobs, Job job) throws Exception {
        BatchBudget budget = new BatchBudget(room, 1 << 20);
        assertThat(budget.tryReserveRequest(100)).isTrue();
        try {
            return jobs.submit(job, task(job, budget));
        } catch (BatchException e) {
            budget.close();
            throw e;
        }
    }

    private BatchTask task(Job job, BatchBudget budget) {
        HeaderNamePatterns noNames = HeaderNamePatterns.of(List.of());
        PathPatterns noPaths = PathPatterns.of(List.of());
        return new BatchTask(
                job.batch(),
                BatchEvents.of("b", "/batch", job.batch().size()),
                ExecutionPlan.of(job.batch(), ExecutionMode.SEQUENTIAL, false, Atomicity.NOT_SUPPORTED),
                new RunLimits(LONG, LONG, "jobTimeout", 8, BODY_BYTES, RunLimits.NO_LIMIT, RetryPolicy.NONE),
                new ReferenceResolver(job.batch(), true, "http", 1_000),
                new RequestAssembler(
                        new OuterRequest("http://h", "h", "", "/batch", Headers.empty()),
                        new TargetRules(Set.of("/batch"), true, null, noPaths, noPaths),
                        new HeaderRules(noNames, noNames)),
                null,
                new HostDispatcher(),
                new Witness(),
                budget);
    }

    private final class Witness implements BatchListener {
        @Override
        public void jobQueued(BatchEvent batch) {
            told.add("queued " + batch.items());
        }

        @Override
        public void jobDropped(BatchEvent batch, Problem why) {
            told.add("dropped " + batch.items() + " " + why.name());
        }

        @Override
        public void batchBegun(BatchEvent batch) {
            told.add("begun " + batch.items());
        }

        @Override
        public void batchEnded(BatchEvent batch, Summary summary, Duration duration) {
            told.add("ended " + batch.items());
        }
    }

    private final class HostDispatcher extends StubDispatcher {
        @Override
        public Exchange dispatch(WireRequest request, ResponseSink sink) {
            dispatched.incrementAndGet();
            try {
                release.await();
                sink.head(200, Headers.empty());
                sink.data(ByteBuffer.allocate(BODY_BYTES));
                sink.complete();
            } catch (Exception e) {
                sink.aborted(e);
            }
            return cause -> {};
        }
    }

    /** As a {@link MemoryJobStore}, as long as nothing else is asked for. */
    private static class TroubledStore implements JobStore {
        private final MemoryJobStore memory = new MemoryJobStore(10, 1 << 20);
        private final AtomicInteger failures = new AtomicInteger();
        private final AtomicInteger recorded = new AtomicInteger();
        private volatile boolean lost;

        private void maybeFail() throws JobStoreException {
            if (failures.getAndUpdate(count -> Math.max(0, count - 1)) > 0) {
                throw new JobStoreException("on purpose", new IllegalStateException("on purpose"));
            }
        }

        @Override
        public JobStatus create(Job job, Duration keep) throws JobStoreException, JobStoreFullException {
            return memory.create(job, keep);
        }

        @Override
        public boolean begin(JobId id) throws JobStoreException {
            maybeFail();
            return !lost && memory.begin(id);
        }

        @Override
        public boolean record(JobId id, List<JobAnswer> answers) throws JobStoreException, JobStoreFullException {
            // It may be known after all.
            boolean taken = !lost && memory.record(id, answers);
            maybeFail();
            recorded.addAndGet(answers.size());
            return taken;
        }

        @Override
        public void end(JobId id, JobState state, Duration keep) throws JobStoreException {
            maybeFail();
            memory.end(id, state, keep);
        }

        @Override
        public Optional<KnownJob> find(JobId id) {
            return memory.find(id);
        }

        @Override
        public Optional<JobContent> content(JobId id) {
            return memory.content(id);
        }

        @Override
        public boolean cancel(JobId id) {
            return memory.cancel(id);
        }

        @Override
        public void delete(JobId id) {
            memory.delete(id);
        }

        @Override
        public Map<JobId, Lease> renew(Collection<JobId> own) {
            Map<JobId, Lease> leases = memory.renew(own);
            if (lost) {
                leases.replaceAll((id, lease) -> Lease.LOST);
            }
            return leases;
        }

        @Override
        public void close() {}
    }

    private static JobStatus status(Jobs jobs, RunningJob job) throws Exception {
        return jobs.find(job.id()).orElseThrow().status();
    }

    private List<Integer> statuses(Jobs jobs, RunningJob job) throws Exception {
        return jobs.result(jobs.find(job.id()).orElseThrow()).orElseThrow().responses().stream()
                .map(Subresponse::status)
                .toList();
    }

    @Test
    void whatAJobHasHeldIsGivenBack() throws Exception {
        try (Jobs jobs = jobs(new MemoryJobStore(10, 1 << 20))) {
            RunningJob first = submit(jobs, JobStoreContract.job(3));
            await().until(() -> dispatched.get() == 1);
            RunningJob queued = submit(jobs, JobStoreContract.job(2));
            assertThatThrownBy(() -> submit(jobs, JobStoreContract.job(1)))
                    .isInstanceOfSatisfying(
                            BatchException.class,
                            e -> assertThat(e.problem().name()).isEqualTo("job-queue-full"));
            jobs.cancel(queued.id());
            assertThat(queued.isOver()).isTrue();
            assertThat(room.heldBytes()).isEqualTo(100);
            release.countDown();
            first.awaitOver(LONG);
            await().until(() -> room.heldBytes() == 0);
            assertThat(statuses(jobs, first)).containsExactly(200, 200, 200);
            assertThat(statuses(jobs, queued)).containsExactly(503, 503);
            assertThat(told).containsExactly("queued 3", "begun 3", "queued 2", "dropped 2 cancelled", "ended 3");
        }
    }

    @Test
    void whatTheStoreDoesNotTakeNowItTakesLater() throws Exception {
        TroubledStore store = new TroubledStore();
        try (Jobs jobs = jobs(store)) {
            RunningJob job = submit(jobs, JobStoreContract.job(3));
            await().until(() -> dispatched.get() == 1);
            store.failures.set(2);
            release.countDown();
            job.awaitOver(LONG);
            assertThat(status(jobs, job).succeeded()).isEqualTo(3);
            assertThat(job.status().succeeded()).isEqualTo(3);
            assertThat(status(jobs, job).state()).isEqualTo(JobState.DONE);
            assertThat(store.recorded).hasValue(3);
            assertThat(room.heldBytes()).isZero();
        }
    }

    @Test
    void aJobWhoseBeginningIsNotTakenDoesNotRun() throws Exception {
        TroubledStore store = new TroubledStore();
        store.failures.set(1);
        release.countDown();
        try (Jobs jobs = jobs(store)) {
            RunningJob job = submit(jobs, JobStoreContract.job(3));
            job.awaitOver(LONG);
            assertThat(status(jobs, job).state()).isEqualTo(JobState.INTERRUPTED);
            assertThat(dispatched).hasValue(0);
            assertThat(room.heldBytes()).isZero();
            RunningJob next = submit(jobs, JobStoreContract.job(1));
            next.awaitOver(LONG);
            assertThat(status(jobs, next).state()).isEqualTo(JobState.DONE);
            assertThat(told).containsExactly("queued 3", "dropped 3 interrupted", "queued 1", "begun 1", "ended 1");
        }
    }

    @Test
    void aJobThatIsLostEndsAndIsWhatOthersTakeItFor() throws Exception {
        TroubledStore store = new TroubledStore();
        try (Jobs jobs = jobs(store)) {
            RunningJob job = submit(jobs, JobStoreContract.job(3));
            await().until(() -> dispatched.get() == 1);
            store.lost = true;
            store.memory.end(job.id(), JobState.INTERRUPTED, LONG);
            await().until(() -> status(jobs, job).state() == JobState.INTERRUPTED);
            release.countDown();
            job.awaitOver(LONG);
            assertThat(dispatched).hasValue(1);
            assertThat(store.recorded).hasValue(0);
            assertThat(room.heldBytes()).isZero();
        }
    }

    /** It used to wait, in the way of others, for room that nobody would make. */
    @Test
    void whereThereIsNoRoomForBodiesThereIsRoomForStatuses() throws Exception {
        Job job = JobStoreContract.job(20);
        MemoryJobStore store = new MemoryJobStore(1, 20_000);
        release.countDown();
        try (Jobs jobs = jobs(store)) {
            RunningJob running = submit(jobs, job);
            running.awaitOver(Duration.ofSeconds(30));
            assertThat(status(jobs, running).state()).isEqualTo(JobState.DONE);
            assertThat(status(jobs, running).succeeded()).isEqualTo(20);
            JobResult result = jobs.result(jobs.find(job.id()).orElseThrow()).orElseThrow();
            assertThat(result.responses()).allMatch(response -> response.status() == 200);
            Subresponse last = result.responses().get(19);
            assertThat(last.body().remaining()).isZero();
            assertThat(last.headers().first("Content-Description").orElseThrow())
                    .contains("maxJobBytes");
            assertThat(result.responses().get(0).body().remaining()).isEqualTo(BODY_BYTES);
        }
    }

    @Test
    void whatComesWhileTheAppStopsDoesNotRun() throws Exception {
        CountDownLatch creating = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        TroubledStore store = new TroubledStore() {
            @Override
            public JobStatus create(Job job, Duration keep) throws JobStoreException, JobStoreFullException {
                creating.countDown();
                try {
                    closed.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return super.create(job, keep);
            }
        };
        release.countDown();
        Jobs jobs = jobs(store);
        Job job = JobStoreContract.job(1);
        Thread late = new Thread(() -> {
            try {
                submit(jobs, job);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        late.start();
        creating.await();
        jobs.close();
        closed.countDown();
        late.join();
        assertThat(jobs.find(job.id()).orElseThrow().status().state()).isEqualTo(JobState.INTERRUPTED);
        assertThat(dispatched).hasValue(0);
        assertThat(room.heldBytes()).isZero();
        assertThatThrownBy(() -> submit(jobs, JobStoreContract.job(1)))
                .isInstanceOfSatisfying(
                        BatchException.class,
                        e -> assertThat(e.problem().name()).isEqualTo("stopping"));
    }

    @Test
    void logsDoNotTellWhatAJobIsCalled() {
        JobId id = JobId.random();
        assertThat(id.toString()).hasSize(11).startsWith(id.text().substring(0, 8));
    }
}
