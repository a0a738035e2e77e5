package io.multistatus.execution;

import io.multistatus.execution.Stages.Stage;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How far a batch has come: the one place where its threads meet. Guarded by one lock, under which nothing but this
 * class runs. Thread-safe.
 *
 * <pre>
 *   WAITING ──last predecessor done──► READY ──a worker takes it──► RUNNING ──answer, or time is up──► DONE
 *      └───────── a dependency failed, or the batch stops at errors, or its time is up ──────────────►┘
 * </pre>
 *
 * <p>An item that is to be tried again goes from RUNNING to POSTPONED, and READY when its time has come; if the batch does not get
 * there, the answer that it had is its final one.
 *
 * <p>The items of an {@link AtomicGroup} are one as to what comes before and after: its first item is taken for all of them,
 * one of them is RUNNING at a time and the others IN_GROUP, and they get DONE together.
 *
 * <p>Somebody must go on whenever an item gets done. If its dispatch is still on the stack of a worker, that worker does
 * when it comes back. If not (the item was async), the caller of {@link #settle} is told what to have done elsewhere. A
 * worker that does not come back although its item is done is retired by {@link #retireStuck}, and its place taken.
 */
final class RunState {
    private static final Problem ABORTED = Problem.of(424, "aborted", "The batch stopped at an earlier failure")
            .detail("An earlier item failed, and the batch asked not to continue on errors; this item has not run");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition readerMayGoOn = lock.newCondition();
    private final ExecutionPlan plan;
    private final int maxConcurrency;
    private final long maxHeldBytes;
    private final Prerequisites prerequisites;

    private final Stages stages;
    private final int[] waitsFor;
    private final ItemAnswers answers;
    private final Postponed postponed;
    private final Workers workers = new Workers();
    private final Worker reader = new Worker(true);
    /** Nothing begins any more: an item has failed, or nobody waits for the rest. */
    private boolean stopped;
    /** Nothing is tried again any more. */
    private boolean retriesOver;

    private boolean readerLeft;
    private boolean workerAsked;
    private boolean delivered;

    RunState(List<Subrequest> items, ExecutionPlan plan, int maxConcurrency, long maxHeldBytes) {
        this.plan = plan;
        this.maxConcurrency = maxConcurrency;
        this.maxHeldBytes = maxHeldBytes;
        this.stages = new Stages(items.size());
        this.answers = new ItemAnswers(items.size());
        this.prerequisites = new Prerequisites(items, plan, answers);
        this.postponed = new Postponed(items.size());
        this.waitsFor = plan.waitsFor();
        for (int i = 0; i < waitsFor.length; i++) {
            if (waitsFor[i] == 0 && plan.isBegin(i)) {
                stages.makeReady(i);
            }
        }
    }

    /** The worker of the thread that read the batch. */
    Worker reader() {
        return reader;
    }

    /** What a worker that has nothing on its stack does next; with {@link NextStep#RUN_ITEM} it has an item. */
    NextStep next(Worker worker) {
        return locked(() -> {
            worker.item = Worker.NO_ITEM;
            worker.answered = false;
            if (worker.retired) {
                return NextStep.RETIRE;
            }
            if (answers.areThere()) {
                workers.remove(worker);
                return answers.areTold() && (worker.reader || readerGone()) ? deliverOnce() : NextStep.NOTHING;
            }
            if (!mayRunMore()) {
                workers.remove(worker);
                return NextStep.NOTHING;
            }
            take(stages.firstReady(), worker);
            plan.group(worker.item).ifPresent(stages::begin);
            return NextStep.RUN_ITEM;
        });
    }

    private void take(int item, Worker worker) {
        postponed.begun(item);
        workers.take(item, worker);
        stages.begin(item);
    }

    /**
     * Whether one more worker would have something to do. If so it counts as asked for until {@link #workerArrived}, so
     * that they are asked for one by one: a batch of quick items is over before the first is there.
     */
    boolean wantsWorker() {
        return locked(() -> askForWorker());
    }

    void workerArrived() {
        locked(() -> {
            workerAsked = false;
        });
    }

    /**
     * A group that is running goes on from one of its items to another, or begins to end, and then that is the same one. Its
     * time begins.
     *
     * @return false if the group has been given up
     */
    boolean goOnInGroup(int from, int to) {
        return locked(() -> {
            if (stages.is(to, Stage.DONE)) {
                return false;
            }
            stages.goOnInGroup(from, to);
            return true;
        });
    }

    /** Takes an item's answer. */
    Settled settle(int item, Subresponse response) {
        return settle(item, List.of(response));
    }

    /**
     * Takes the answers of a group, which get there all at once.
     *
     * @param first the item that the first answer is for
     */
    Settled settle(int first, List<Subresponse> answers) {
        return locked(() -> {
            if (stages.is(first, Stage.DONE)) {
                return Settled.TOO_LATE;
            }
            List<Integer> skipped = new ArrayList<>();
            workers.answered(first);
            finish(first, answers, skipped);
            readerMayGoOn.signalAll();
            return new Settled(true, skipped, afterSettling(first));
        });
    }

    /** How often an item has been tried again. */
    int retries(int item) {
        return locked(() -> postponed.retries(item));
    }

    /**
     * An item has failed and is to be tried again.
     *
     * @return what is to be done now; empty if it is not tried again, since nothing is any more or it is done
     */
    Optional<NextStep> postpone(int item, Subresponse answer, Duration delay) {
        return locked(() -> {
            if (!stages.is(item, Stage.RUNNING) || stopped || retriesOver) {
                return Optional.empty();
            }
            workers.answered(item);
            stages.postpone(item);
            postponed.add(item, answer, delay);
            readerMayGoOn.signalAll();
            return Optional.of(afterSettling(item));
        });
    }

    /** Makes those items ready whose time to be tried again has come. */
    void makeDueReady() {
        locked(() -> {
            for (int item : postponed.due()) {
                if (stages.is(item, Stage.POSTPONED)) {
                    stages.makeReady(item);
                    readerMayGoOn.signalAll();
                }
            }
        });
    }

    /** From now on nothing is tried again that has not been already. */
    void endRetries() {
        locked(() -> {
            retriesOver = true;
        });
    }

    /** The answers of the items that wait to be tried again are final. */
    Settled settlePostponed() {
        return locked(() -> {
            List<Integer> settled = new ArrayList<>();
            for (int item : postponed.all()) {
                @Nullable Subresponse answer = postponed.remove(item);
                if (answer != null) {
                    settled.add(item);
                    finish(item, List.of(answer), settled);
                }
            }
            readerMayGoOn.signalAll();
            return new Settled(true, settled, goOn());
        });
    }

    /**
     * Listeners have been told of items that got done together, which the end of the batch waits for.
     *
     * @param settled the one that got done first, or {@link Worker#NO_ITEM} if they are those that will not run
     */
    NextStep told(int settled, int count) {
        return locked(() -> {
            answers.told(count);
            readerMayGoOn.signalAll();
            return answers.areThere() ? afterSettling(settled) : NextStep.NOTHING;
        });
    }

    /** Waits, no longer than that, until all items have their answers and listeners have been told of them. */
    void awaitTold(Duration time) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = time.toNanos();
            while (!answers.areTold() && nanos > 0) {
                nanos = readerMayGoOn.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets nothing begin any more; what has not, is answered with {@code problem}. */
    Settled abort(Problem problem) {
        return locked(() -> {
            List<Integer> skipped = new ArrayList<>();
            stopped = true;
            abortRest(problem, skipped);
            readerMayGoOn.signalAll();
            return new Settled(true, skipped, goOn());
        });
    }

    /**
     * The client has taken an item's answer.
     *
     * @param forget whether nothing is needed of it any more but what the {@link io.multistatus.model.Summary} says of it
     */
    NextStep taken(int item, boolean forget) {
        return locked(() -> {
            answers.taken(item);
            if (forget) {
                answers.forget(item);
            }
            return goOn();
        });
    }

    private NextStep afterSettling(int item) {
        if (workers.have(item)) {
            return NextStep.NOTHING;
        }
        // A reader that is here and free has been woken, or is about to look before it leaves.
        return !readerGone() && reader.item == Worker.NO_ITEM ? NextStep.NOTHING : goOn();
    }

    private NextStep goOn() {
        if (answers.areThere()) {
            return answers.areTold() && readerGone() ? deliverOnce() : NextStep.NOTHING;
        }
        return askForWorker() ? NextStep.START_WORKER : NextStep.NOTHING;
    }

    private boolean askForWorker() {
        if (workerAsked || !mayRunMore()) {
            return false;
        }
        workerAsked = true;
        return true;
    }

    private void finish(int first, List<Subresponse> answers, List<Integer> skipped) {
        Deque<Integer> open = new ArrayDeque<>();
        for (Subresponse answer : answers) {
            record(first + open.size(), answer);
            open.addLast(first + open.size());
        }
        while (!open.isEmpty()) {
            int item = open.removeFirst();
            for (int follower : plan.followers(item)) {
                waitsFor[follower]--;
                if (stages.is(follower, Stage.WAITING) && waitsFor[follower] == 0) {
                    List<Problem> refusals = prerequisites.unmet(follower);
                    if (refusals.isEmpty()) {
                        stages.makeReady(follower);
                    }
                    for (int i = 0; i < refusals.size(); i++) {
                        record(follower + i, Subresponse.of(refusals.get(i)));
                        skipped.add(follower + i);
                        open.addLast(follower + i);
                    }
                }
            }
            if (stopped) {
                abortRest(ABORTED, skipped);
            }
        }
    }

    private void record(int item, Subresponse response) {
        postponed.remove(item);
        stages.done(item);
        answers.add(item, response);
        if (plan.stopOnError() && response.failed()) {
            stopped = true;
        }
    }

    private void abortRest(Problem problem, List<Integer> skipped) {
        for (int i = 0; i < stages.size(); i++) {
            @Nullable Subresponse answer = postponed.remove(i);
            if (answer != null) {
                record(i, answer);
                skipped.add(i);
            } else if (stages.is(i, Stage.WAITING) || stages.is(i, Stage.READY)) {
                Problem unmet = prerequisites.unmetByItself(i);
                record(i, Subresponse.of(unmet == null ? problem : unmet));
                skipped.add(i);
            }
        }
    }

    private <T> T locked(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }

    private boolean mayRunMore() {
        return stages.hasReady()
                && stages.running() < maxConcurrency
                && answers.leaveRoom(stages.running() + 1, maxHeldBytes);
    }

    private boolean readerGone() {
        return readerLeft || reader.retired;
    }

    private NextStep deliverOnce() {
        if (delivered) {
            return NextStep.NOTHING;
        }
        delivered = true;
        return NextStep.DELIVER;
    }

    /** The items that have been running for longer than {@code limitNanos}. */
    List<Integer> runningLongerThan(long limitNanos) {
        return locked(() -> stages.all(i -> stages.is(i, Stage.RUNNING) && stages.nanosSince(i) > limitNanos));
    }

    /**
     * All items that have no answer yet, not even one that is not their last. The last first: giving them up in that order makes none
     * of them ready.
     */
    List<Integer> undone() {
        return locked(() -> {
            List<Integer> undone = stages.all(i -> !stages.is(i, Stage.DONE) && !postponed.has(i));
            Collections.reverse(undone);
            return undone;
        });
    }

    boolean isRunning(int item) {
        return locked(() -> stages.is(item, Stage.RUNNING));
    }

    /** How long the item has been running, or how long ago it got done. */
    long nanosSince(int item) {
        return locked(() -> stages.nanosSince(item));
    }

    /** The answer of an item that is done. */
    Subresponse response(int item) {
        return locked(() -> answers.get(item));
    }

    /**
     * Gives up on workers whose item has been done for longer than {@code graceNanos} while its handler still holds the
     * thread, and then on listeners that do as much, and says who is to go on instead.
     */
    Stuck retireStuck(long graceNanos) {
        return locked(() -> {
            int retired = workers.retireStuck(graceNanos);
            int overdue = answers.overdue(graceNanos);
            answers.told(overdue);
            return new Stuck(retired, retired > 0 || overdue > 0 ? goOn() : NextStep.NOTHING);
        });
    }

    /** Whether any worker has an item's dispatch on its stack and has not been given up. */
    boolean hasWorkers() {
        return locked(() -> !workers.isEmpty());
    }

    /**
     * The reader leaves the filter and lets others finish; says what is to be done on the way out. With
     * {@link NextStep#RETIRE} it must not leave: the envelope is being written in its name.
     */
    NextStep readerLeaves() {
        return locked(() -> {
            if (delivered) {
                return NextStep.RETIRE;
            }
            readerLeft = true;
            return goOn();
        });
    }

    /** Whether the reader is still in the filter, stuck or not. */
    boolean readerInside() {
        return locked(() -> !readerLeft);
    }

    /**
     * Holds the reader, which cannot leave, until there is something to do for it.
     *
     * @throws InterruptedException if the container wants its thread back
     */
    void awaitReaderMayGoOn() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (answers.areThere() ? !answers.areTold() : !mayRunMore()) {
                readerMayGoOn.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The answers in the order of the items, once all are there. */
    List<Subresponse> responses() {
        return locked(() -> answers.all());
    }
}
