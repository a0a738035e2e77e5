package io.multistatus.execution;

import io.multistatus.execution.Stages.Stage;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The one place where the threads of a batch meet: who takes which item, who goes on, who delivers. Guarded by one lock, under
 * which nothing runs but this class and what it keeps: how far the items are ({@link Progress}), their answers, the workers.
 * Thread-safe.
 *
 * <p>Somebody must go on whenever an item gets done. If its dispatch is still on the stack of a worker, that worker does
 * when it comes back. If not (the item was async), the caller of {@link #settle} is told what to have done elsewhere. A
 * worker that does not come back although its item is done is retired by {@link #retireStuck}, and its place taken.
 */
final class RunState {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition readerMayGoOn = lock.newCondition();
    private final int maxConcurrency;
    private final long maxHeldBytes;

    private final Progress progress;
    private final ItemAnswers answers;
    private final Workers workers = new Workers();
    private final Worker reader = new Worker(true);

    private boolean readerLeft;
    private boolean workerAsked;
    private boolean delivered;

    RunState(List<Subrequest> items, ExecutionPlan plan, int maxConcurrency, long maxHeldBytes) {
        this.maxConcurrency = maxConcurrency;
        this.maxHeldBytes = maxHeldBytes;
        this.answers = new ItemAnswers(plan);
        this.progress = new Progress(items, plan, answers);
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
            workers.take(progress.begin(), worker);
            return NextStep.RUN_ITEM;
        });
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
            if (progress.is(to, Stage.DONE)) {
                return false;
            }
            progress.goOnInGroup(from, to);
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
            if (progress.is(first, Stage.DONE)) {
                return Settled.TOO_LATE;
            }
            workers.answered(first);
            List<Integer> skipped = progress.finish(first, answers);
            readerMayGoOn.signalAll();
            return new Settled(true, skipped, afterSettling(first));
        });
    }

    /** How often an item has been tried again. */
    int retries(int item) {
        return locked(() -> progress.retries(item));
    }

    /**
     * An item has failed and is to be tried again.
     *
     * @return what is to be done now; empty if it is not tried again, since nothing is any more or it is done
     */
    Optional<NextStep> postpone(int item, Subresponse answer, Duration delay) {
        return locked(() -> {
            if (!progress.postpone(item, answer, delay)) {
                return Optional.empty();
            }
            workers.answered(item);
            readerMayGoOn.signalAll();
            return Optional.of(afterSettling(item));
        });
    }

    /** Makes those items ready whose time to be tried again has come. */
    void makeDueReady() {
        locked(() -> {
            if (progress.makeDueReady()) {
                readerMayGoOn.signalAll();
            }
        });
    }

    /** From now on nothing is tried again that has not been already. */
    void endRetries() {
        locked(progress::endRetries);
    }

    /** The answers of the items that wait to be tried again are final. */
    Settled settlePostponed() {
        return locked(() -> {
            List<Integer> settled = progress.settlePostponed();
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
            List<Integer> skipped = progress.abort(problem);
            readerMayGoOn.signalAll();
            return new Settled(true, skipped, goOn());
        });
    }

    /** The client has taken an item's answer. */
    NextStep taken(int item) {
        return locked(() -> {
            answers.taken(item);
            return goOn();
        });
    }

    /**
     * The items, since this was asked last, that the client has taken and no other can refer to any more: of their answers only what
     * the {@link io.multistatus.model.Summary} says of them is left.
     */
    List<Integer> forgotten() {
        return locked(() -> answers.forgotten());
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
        return progress.hasReady()
                && progress.running() < maxConcurrency
                && answers.leaveRoom(progress.running() + 1, maxHeldBytes);
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
        return locked(() -> progress.runningLongerThan(limitNanos));
    }

    /**
     * All items that have no answer yet, not even one that is not their last. The last first: giving them up in that order makes none
     * of them ready.
     */
    List<Integer> undone() {
        return locked(progress::undone);
    }

    boolean isRunning(int item) {
        return locked(() -> progress.is(item, Stage.RUNNING));
    }

    /** How long the item has been running, or how long ago it got done. */
    long nanosSince(int item) {
        return locked(() -> progress.nanosSince(item));
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
