package io.multistatus.job;

import io.multistatus.event.BatchListener;
import io.multistatus.execution.BatchCompletion;
import io.multistatus.execution.BatchExecutor;
import io.multistatus.execution.BatchRun;
import io.multistatus.execution.BatchTask;
import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A job of this node, from the queue to its end: brings the answers of its items into the store as they come. What the store has not
 * taken counts as held, so that items do not run ahead of it. Thread-safe.
 */
public final class RunningJob {
    private static final Logger LOG = LoggerFactory.getLogger(RunningJob.class);
    private static final Duration STORE_PAUSE = Duration.ofSeconds(1);
    private static final int MOST_AT_ONCE = 500;

    private final Job job;
    private final BatchTask task;
    private final JobStore store;
    private final JobSettings settings;
    private final BatchExecutor executor;
    private final Consumer<RunningJob> whenOver;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile @Nullable BatchRun run;

    // Guarded by this.
    private JobStatus status;
    private final List<Runnable> whoWaits = new ArrayList<>();
    private final Deque<JobAnswer> waiting = new ArrayDeque<>();
    private int unanswered;
    private boolean allThere;
    private boolean recording;
    private long notBefore = System.nanoTime();
    private JobState end = JobState.DONE;
    private boolean cutShort;
    private boolean lost;

    private final class Completion implements BatchCompletion {
        @Override
        public void deliver(boolean readerInside) {
            allThere();
        }

        @Override
        public void answered(int item, Subresponse answer) {
            add(item, answer);
        }

        @Override
        public void tick() {
            recordSoon();
        }
    }

    RunningJob(
            Job job,
            JobStatus status,
            BatchTask task,
            JobStore store,
            JobSettings settings,
            BatchExecutor executor,
            Consumer<RunningJob> whenOver) {
        this.job = job;
        this.status = status;
        this.task = task;
        this.store = store;
        this.settings = settings;
        this.executor = executor;
        this.whenOver = whenOver;
        this.unanswered = job.batch().size();
    }

    /** What it is called. */
    public JobId id() {
        return job.id();
    }

    /** How far it has come. */
    public synchronized JobStatus status() {
        return status;
    }

    /** Whether it is over for everyone else. */
    synchronized boolean isLost() {
        return lost;
    }

    /** Whether it is over and the store knows. */
    public boolean isOver() {
        return over.getCount() == 0;
    }

    /** Has {@code action} run when that is so, by whatever thread sees to it, or by this one if it is already. */
    public void whenOver(Runnable action) {
        synchronized (this) {
            if (!isOver()) {
                whoWaits.add(action);
                return;
            }
        }
        action.run();
    }

    KnownJob known() {
        return new KnownJob(status(), job.owner(), job.dialect(), job.mediaType());
    }

    private synchronized void count(JobState state, int succeeded, int failed) {
        status = new JobStatus(
                id(),
                state,
                status.total(),
                status.succeeded() + succeeded,
                status.failed() + failed,
                status.createdAt(),
                status.expiresAt());
    }

    /** Begins to run. */
    void start() {
        try {
            if (!store.begin(id())) {
                LOG.warn("Job {} does not run: its lease had run out before it began", id());
                task.listener().jobDropped(task.event(), JobProblems.stopped());
                release();
                return;
            }
        } catch (JobStoreException | RuntimeException e) {
            LOG.error("Job {} does not run: its store does not take that it begins", id(), e);
            endUnbegun(JobState.INTERRUPTED);
            return;
        }
        count(JobState.RUNNING, 0, 0);
        task.listener().batchBegun(task.event());
        BatchRun begun;
        try {
            begun = executor.begin(task, new Completion());
        } catch (RuntimeException | Error e) {
            // A job that nobody runs must not take the place of one that runs.
            LOG.error("Job {} could not begin", id(), e);
            List<Subresponse> stopped = Collections.nCopies(job.batch().size(), Subresponse.of(JobProblems.stopped()));
            task.listener().batchEnded(task.event(), Summary.of(job.batch(), stopped), Duration.ZERO);
            endWithoutAnswers(JobState.INTERRUPTED);
            return;
        }
        run = begun;
        if (isEnding()) {
            begun.cancelRest(endProblem());
        }
        if (begun.readerLeaves() != BatchRun.ReaderResult.OTHERS_AT_WORK) {
            allThere();
        }
        recordSoon();
    }

    private synchronized boolean isEnding() {
        return end != JobState.DONE || lost;
    }

    private synchronized Problem endProblem() {
        return end == JobState.CANCELLED ? JobProblems.cancelled() : JobProblems.stopped();
    }

    /** Ends it before its turn. */
    void endUnbegun(JobState state) {
        task.listener()
                .jobDropped(
                        task.event(), state == JobState.CANCELLED ? JobProblems.cancelled() : JobProblems.stopped());
        endWithoutAnswers(state);
    }

    private void endWithoutAnswers(JobState state) {
        try {
            if (state == JobState.INTERRUPTED) {
                Subresponse stopped = Subresponse.of(JobProblems.stopped());
                store.record(
                        id(),
                        job.batch().items().stream()
                                .map(item -> new JobAnswer(item.index(), "", stopped))
                                .toList());
            }
            store.end(id(), state, settings.ttl());
        } catch (JobStoreException | JobStoreFullException e) {
            LOG.warn("The store does not take that job {} is over; it learns when the lease runs out", id(), e);
        }
        release();
    }

    /** What has not begun does not begin. */
    void cancel() {
        endEarly(JobState.CANCELLED);
    }

    /** As {@link #cancel}, because the app stops. */
    void interrupt() {
        endEarly(JobState.INTERRUPTED);
    }

    /** It is over for everyone else. */
    void lost() {
        synchronized (this) {
            if (lost) {
                return;
            }
            lost = true;
        }
        LOG.warn("Job {} ends here: its lease has run out, and others take it for interrupted", id());
        endEarly(JobState.INTERRUPTED);
    }

    private void endEarly(JobState state) {
        synchronized (this) {
            if (end != JobState.DONE) {
                return;
            }
            end = state;
        }
        BatchRun begun = run;
        if (begun != null) {
            begun.cancelRest(endProblem());
        }
    }

    /** Does not wait for what is running either. */
    void stop() {
        BatchRun begun = run;
        if (begun != null && !isOver()) {
            begun.stop();
        }
    }

    /** Waits for that, at most so long. */
    public void awaitOver(Duration time) {
        try {
            if (!over.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.debug("Job {} is not over", id());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void add(int item, Subresponse answer) {
        synchronized (this) {
            waiting.addLast(new JobAnswer(item, target(item), kept(answer)));
        }
        recordSoon();
    }

    /** A cookie is for the moment it is set: whoever fetches the result later may have another one by then. */
    private static Subresponse kept(Subresponse answer) {
        if (!answer.headers().contains("Set-Cookie")) {
            return answer;
        }
        Headers withoutCookies = Headers.builder()
                .addAll(answer.headers().without("Set-Cookie"::equalsIgnoreCase))
                .add("Set-Cookie", "")
                .build();
        return new Subresponse(answer.status(), withoutCookies, answer.body(), answer.problem());
    }

    private String target(int item) {
        BatchRun begun = run;
        return begun == null ? "" : begun.target(item);
    }

    private void allThere() {
        synchronized (this) {
            allThere = true;
        }
        recordSoon();
    }

    /** Sees to it that what is waiting gets into the store. */
    private void recordSoon() {
        synchronized (this) {
            boolean nothing = waiting.isEmpty() && !(allThere && unanswered == 0);
            if (recording || nothing || run == null || System.nanoTime() - notBefore < 0) {
                return;
            }
            recording = true;
        }
        executor.forDeliveries().execute(this::record);
    }

    private void record() {
        try {
            while (recordSome()) {
                LOG.trace("Job {} has recorded some answers", id());
            }
        } catch (JobStoreException | RuntimeException e) {
            LOG.warn("The store of jobs does not take the answers of job {}; they are kept for it", id(), e);
            synchronized (this) {
                notBefore = System.nanoTime() + STORE_PAUSE.toNanos();
                recording = false;
            }
        }
    }

    /** Returns whether there may be more to do for this thread. */
    private boolean recordSome() throws JobStoreException {
        List<JobAnswer> next;
        boolean last;
        synchronized (this) {
            next = waiting.stream().limit(MOST_AT_ONCE).toList();
            last = next.isEmpty() && allThere && unanswered == 0;
            if (next.isEmpty() && !last) {
                recording = false;
                return false;
            }
        }
        if (last) {
            finish();
            return false;
        }
        List<JobAnswer> real = next.stream()
                .filter(answer -> !JobProblems.isCancelled(answer.response()))
                .toList();
        recordAll(real);
        int failed =
                (int) real.stream().filter(answer -> answer.response().failed()).count();
        count(JobState.RUNNING, real.size() - failed, failed);
        synchronized (this) {
            next.forEach(answer -> waiting.removeFirst());
            unanswered -= next.size();
            cutShort |= next.stream().anyMatch(answer -> JobProblems.isCutShort(answer.response()));
        }
        BatchRun begun = run;
        if (begun != null) {
            next.forEach(answer -> begun.taken(answer.item()));
        }
        return true;
    }

    private void recordAll(List<JobAnswer> answers) throws JobStoreException {
        synchronized (this) {
            if (lost || answers.isEmpty()) {
                return;
            }
        }
        try {
            if (!store.record(id(), answers)) {
                lost();
            }
        } catch (JobStoreFullException e) {
            if (answers.size() == 1) {
                LOG.warn("The body of an answer of job {} is dropped: {}", id(), e.getMessage());
                recordShortened(answers.get(0), e);
                return;
            }
            for (JobAnswer answer : answers) {
                recordAll(List.of(answer));
            }
        }
    }

    /** The status of an item is worth more than its body: without it nobody knows what to send again. */
    private void recordShortened(JobAnswer answer, JobStoreFullException full) throws JobStoreException {
        Headers why = Headers.builder()
                .add("Content-Description", "The body was dropped: " + full.getMessage())
                .build();
        JobAnswer shortened = new JobAnswer(
                answer.item(),
                answer.target(),
                Subresponse.of(answer.response().status(), why, ByteBuffer.allocate(0)));
        try {
            if (!store.record(id(), List.of(shortened))) {
                lost();
            }
        } catch (JobStoreFullException e) {
            throw new JobStoreException("There is no room for what became of an item", e);
        }
    }

    private void finish() throws JobStoreException {
        BatchRun begun = run;
        JobState state;
        boolean known;
        synchronized (this) {
            // Whoever cancels when everything has begun comes too late.
            state = cutShort ? end : JobState.DONE;
            known = !lost;
        }
        if (known) {
            store.end(id(), state, settings.ttl());
        }
        count(state, 0, 0);
        if (begun != null) {
            BatchListener listener = task.listener();
            listener.batchEnded(task.event(), Summary.of(job.batch(), begun.responses()), begun.elapsed());
            executor.ended(begun);
        }
        release();
    }

    private void release() {
        task.budget().close();
        whenOver.accept(this);
        List<Runnable> told;
        synchronized (this) {
            over.countDown();
            told = List.copyOf(whoWaits);
            whoWaits.clear();
        }
        told.forEach(Runnable::run);
    }
}
