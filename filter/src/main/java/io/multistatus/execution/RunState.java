package io.multistatus.execution;

import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;
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
 * <p>The items of an {@link AtomicGroup} are one as to what comes before and after: its first item is taken for all of them,
 * one of them is RUNNING at a time and the others IN_GROUP, and they get DONE together.
 *
 * <p>Somebody must go on whenever an item gets done. If its dispatch is still on the stack of a worker, that worker does
 * when it comes back. If not (the item was async), the caller of {@link #settle} is told what to have done elsewhere. A
 * worker that does not come back although its item is done is retired by {@link #retireStuck}, and its place taken.
 */
final class RunState {
    private enum Stage {
        WAITING,
        READY,
        RUNNING,
        /** Its group is running, another of its items now. */
        IN_GROUP,
        DONE
    }

    /** What is to be done next, by a worker or by somebody on behalf of the batch. */
    enum Next {
        /** Run the item that the worker now has. */
        RUN_ITEM,
        /** Nothing now: others are at work, or the container is. */
        NOTHING,
        /** A worker is missing: there is a ready item and nobody free to take it. */
        START_WORKER,
        /** All is done: write the envelope. Given out once only. */
        DELIVER,
        /** This worker has been replaced and must not touch the batch again. */
        RETIRE
    }

    /**
     * An item got done.
     *
     * @param first whether this answer is the one that counts; false if the item had one already
     * @param skipped items that got done with it, because they will not run now
     */
    record Settled(boolean first, List<Integer> skipped, Next next) {
        static final Settled TOO_LATE = new Settled(false, List.of(), Next.NOTHING);
    }

    /** What {@link #retireStuck} found. */
    record Stuck(int retired, Next next) {}

    private static final Problem ABORTED = Problem.of(424, "aborted", "The batch stopped at an earlier failure")
            .detail("An earlier item failed, and the batch asked not to continue on errors; this item has not run");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition readerMayGoOn = lock.newCondition();
    private final ExecutionPlan plan;
    private final int maxConcurrency;
    private final Prerequisites prerequisites;

    private final Stage[] stages;
    private final int[] waitsFor;
    private final @Nullable Subresponse[] responses;
    /** When it began, and once it is done when it got done, by {@link System#nanoTime()}. */
    private final long[] since;

    /** In the order they became ready. */
    private final Set<Integer> ready = new LinkedHashSet<>();

    private final Set<Worker> workers = new HashSet<>();
    private final Worker reader = new Worker(true);
    private int running;
    private int undone;
    /** Items that are done but have not been told of yet. */
    private int untold;

    private long lastDone = System.nanoTime();
    private boolean stopped;
    private int mostRunning;
    private boolean readerLeft;
    private boolean workerAsked;
    private boolean delivered;

    RunState(List<Subrequest> items, ExecutionPlan plan, int maxConcurrency) {
        this.plan = plan;
        this.maxConcurrency = maxConcurrency;
        this.mostRunning = maxConcurrency;
        this.stages = new Stage[items.size()];
        this.responses = new Subresponse[items.size()];
        this.prerequisites = new Prerequisites(items, plan, responses);
        this.since = new long[items.size()];
        this.undone = items.size();
        this.waitsFor = plan.waitsFor();
        Arrays.fill(stages, Stage.WAITING);
        for (int i = 0; i < waitsFor.length; i++) {
            if (waitsFor[i] == 0 && plan.isBegin(i)) {
                makeReady(i);
            }
        }
    }

    /** The worker of the thread that read the batch. */
    Worker reader() {
        return reader;
    }

    /** What a worker that has nothing on its stack does next; with {@link Next#RUN_ITEM} it has an item. */
    Next next(Worker worker) {
        lock.lock();
        try {
            worker.item = Worker.NO_ITEM;
            if (worker.retired) {
                return Next.RETIRE;
            }
            if (undone == 0) {
                workers.remove(worker);
                return untold == 0 && (worker.reader || readerGone()) ? deliverOnce() : Next.NOTHING;
            }
            if (!mayRunMore()) {
                workers.remove(worker);
                return Next.NOTHING;
            }
            workers.add(worker);
            worker.item = ready.iterator().next();
            ready.remove(worker.item);
            stages[worker.item] = Stage.RUNNING;
            since[worker.item] = System.nanoTime();
            running++;
            plan.group(worker.item)
                    .ifPresent(group -> Arrays.fill(stages, group.first() + 1, group.end(), Stage.IN_GROUP));
            return Next.RUN_ITEM;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether one more worker would have something to do. If so it counts as asked for until {@link #workerArrived}, so
     * that they are asked for one by one: a batch of quick items is over before the first is there.
     */
    boolean wantsWorker() {
        lock.lock();
        try {
            return askForWorker();
        } finally {
            lock.unlock();
        }
    }

    void workerArrived() {
        lock.lock();
        try {
            workerAsked = false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A group that is running goes on from one of its items to another, or begins to end, and then that is the same one. Its
     * time begins.
     *
     * @return false if the group has been given up
     */
    boolean goOnInGroup(int from, int to) {
        lock.lock();
        try {
            if (stages[to] == Stage.DONE) {
                return false;
            }
            stages[from] = Stage.IN_GROUP;
            stages[to] = Stage.RUNNING;
            since[to] = System.nanoTime();
            return true;
        } finally {
            lock.unlock();
        }
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
        lock.lock();
        try {
            if (stages[first] == Stage.DONE) {
                return Settled.TOO_LATE;
            }
            List<Integer> skipped = new ArrayList<>();
            finish(first, answers, skipped);
            readerMayGoOn.signalAll();
            return new Settled(true, skipped, afterSettling(first));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Listeners have been told of items that got done together, which the end of the batch waits for.
     *
     * @param settled the one that got done first, or {@link Worker#NO_ITEM} if they are those that will not run
     */
    Next told(int settled, int count) {
        lock.lock();
        try {
            tell(count);
            return undone == 0 ? afterSettling(settled) : Next.NOTHING;
        } finally {
            lock.unlock();
        }
    }

    private void tell(int count) {
        untold = Math.max(0, untold - count);
        readerMayGoOn.signalAll();
    }

    /** Lets nothing begin any more; what has not, is answered with {@code problem}. */
    Settled abort(Problem problem) {
        lock.lock();
        try {
            List<Integer> skipped = new ArrayList<>();
            abortRest(problem, skipped);
            readerMayGoOn.signalAll();
            return new Settled(true, skipped, goOn());
        } finally {
            lock.unlock();
        }
    }

    /** For the time being lets another item begin only while less than {@code most} are running. */
    Next throttle(int most) {
        lock.lock();
        try {
            mostRunning = Math.min(most, maxConcurrency);
            return goOn();
        } finally {
            lock.unlock();
        }
    }

    /** Of an item's answer nothing is needed any more but what the {@link io.multistatus.model.Summary} says of it. */
    void forget(int item) {
        lock.lock();
        try {
            Subresponse response = Objects.requireNonNull(responses[item]);
            responses[item] = new Subresponse(
                    response.status(),
                    response.headers().without(name -> !name.equalsIgnoreCase("Retry-After")),
                    ByteBuffer.allocate(0),
                    response.problem());
        } finally {
            lock.unlock();
        }
    }

    private Next afterSettling(int item) {
        for (Worker worker : workers) {
            if (worker.item == item) {
                return Next.NOTHING;
            }
        }
        // A reader that is here and free has been woken, or is about to look before it leaves.
        return !readerGone() && reader.item == Worker.NO_ITEM ? Next.NOTHING : goOn();
    }

    private Next goOn() {
        if (undone == 0) {
            return untold == 0 && readerGone() ? deliverOnce() : Next.NOTHING;
        }
        return askForWorker() ? Next.START_WORKER : Next.NOTHING;
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
                if (stages[follower] == Stage.WAITING && waitsFor[follower] == 0) {
                    List<Problem> refusals = prerequisites.unmet(follower);
                    if (refusals.isEmpty()) {
                        makeReady(follower);
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
        if (stages[item] == Stage.RUNNING) {
            running--;
        } else if (stages[item] == Stage.READY) {
            ready.remove(item);
        }
        stages[item] = Stage.DONE;
        responses[item] = response;
        lastDone = System.nanoTime();
        since[item] = lastDone;
        undone--;
        untold++;
        if (plan.stopOnError() && response.failed()) {
            stopped = true;
        }
    }

    private void abortRest(Problem problem, List<Integer> skipped) {
        for (int i = 0; i < stages.length; i++) {
            if (stages[i] == Stage.WAITING || stages[i] == Stage.READY) {
                Problem unmet = prerequisites.unmetByItself(i);
                record(i, Subresponse.of(unmet == null ? problem : unmet));
                skipped.add(i);
            }
        }
    }

    private void makeReady(int item) {
        stages[item] = Stage.READY;
        ready.add(item);
    }

    private boolean mayRunMore() {
        return !ready.isEmpty() && running < mostRunning;
    }

    private boolean readerGone() {
        return readerLeft || reader.retired;
    }

    private Next deliverOnce() {
        if (delivered) {
            return Next.NOTHING;
        }
        delivered = true;
        return Next.DELIVER;
    }

    /** The items that have been running for longer than {@code limitNanos}. */
    List<Integer> runningLongerThan(long limitNanos) {
        long now = System.nanoTime();
        return collect(i -> stages[i] == Stage.RUNNING && now - since[i] > limitNanos);
    }

    /** All items that have no answer yet, the last first: giving them up in that order makes none of them ready. */
    List<Integer> undone() {
        List<Integer> undone = collect(i -> stages[i] != Stage.DONE);
        Collections.reverse(undone);
        return undone;
    }

    private List<Integer> collect(IntPredicate wanted) {
        lock.lock();
        try {
            List<Integer> found = new ArrayList<>();
            for (int i = 0; i < stages.length; i++) {
                if (wanted.test(i)) {
                    found.add(i);
                }
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    /** How long the item has been running, or how long ago it got done. */
    long nanosSince(int item) {
        lock.lock();
        try {
            return System.nanoTime() - since[item];
        } finally {
            lock.unlock();
        }
    }

    /** The answer of an item that is done. */
    Subresponse response(int item) {
        lock.lock();
        try {
            return Objects.requireNonNull(responses[item]);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives up on workers whose item has been done for longer than {@code graceNanos} while its handler still holds the
     * thread, and then on listeners that do as much, and says who is to go on instead.
     */
    Stuck retireStuck(long graceNanos) {
        lock.lock();
        try {
            int retired = 0;
            for (Worker worker : List.copyOf(workers)) {
                if (stages[worker.item] == Stage.DONE && System.nanoTime() - since[worker.item] > graceNanos) {
                    worker.retired = true;
                    workers.remove(worker);
                    retired++;
                }
            }
            boolean listenersHang = undone == 0 && untold > 0 && System.nanoTime() - lastDone > graceNanos;
            if (listenersHang) {
                tell(untold);
            }
            return new Stuck(retired, retired > 0 || listenersHang ? goOn() : Next.NOTHING);
        } finally {
            lock.unlock();
        }
    }

    /** Whether any worker has an item's dispatch on its stack and has not been given up. */
    boolean hasWorkers() {
        lock.lock();
        try {
            return !workers.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The reader leaves the filter and lets others finish; says what is to be done on the way out. With
     * {@link Next#RETIRE} it must not leave: the envelope is being written in its name.
     */
    Next readerLeaves() {
        lock.lock();
        try {
            if (delivered) {
                return Next.RETIRE;
            }
            readerLeft = true;
            return goOn();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the reader is still in the filter, stuck or not. */
    boolean readerInside() {
        lock.lock();
        try {
            return !readerLeft;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Holds the reader, which cannot leave, until there is something to do for it.
     *
     * @throws InterruptedException if the container wants its thread back
     */
    void awaitReaderMayGoOn() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (undone == 0 ? untold > 0 : !mayRunMore()) {
                readerMayGoOn.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The answers in the order of the items, once all are there. */
    List<Subresponse> responses() {
        lock.lock();
        try {
            if (undone > 0) {
                throw new IllegalStateException(undone + " of " + stages.length + " items have no answer yet");
            }
            List<Subresponse> all = new ArrayList<>(responses.length);
            for (Subresponse response : responses) {
                all.add(Objects.requireNonNull(response));
            }
            return all;
        } finally {
            lock.unlock();
        }
    }
}
