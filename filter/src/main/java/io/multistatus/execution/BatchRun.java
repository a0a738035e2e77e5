package io.multistatus.execution;

import io.multistatus.event.BatchEvent;
import io.multistatus.model.Batch;
import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import io.multistatus.transaction.BatchTransaction;
import io.multistatus.wire.RefusedRequestException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One batch on its way. Workers pull: the thread that read the batch starts with the first item itself, and as long as
 * there is more that may run, helpers join in one by one. {@link RunState} says what is next, this class does it.
 * Thread-safe.
 */
public final class BatchRun {
    private static final Logger LOG = LoggerFactory.getLogger(BatchRun.class);

    /** How long a handler may hold its thread after its answer is whole before the batch goes on without the thread. */
    private static final long GRACE_NANOS = Duration.ofMillis(250).toNanos();

    private static final Duration TOLD = Duration.ofSeconds(1);

    /** How the reader's part ended. */
    public enum ReaderResult {
        /** All items have their answers: the reader writes the envelope. */
        DELIVER,
        /** Others are still at work: the reader may leave once the outer request is async. */
        OTHERS_AT_WORK,
        /** The envelope is being written by another thread, because this one had been given up on. */
        GIVEN_UP
    }

    private final Batch batch;
    private final BatchEvent event;
    private final ExecutionPlan plan;
    private final RunLimits limits;
    private final BatchExecutor executor;
    private final BatchCompletion completion;
    /** The dispatcher works on one thread at a time, the one of the outer request: there is nothing to help with. */
    private final boolean readerOnly;

    private final RunState state;
    private final ItemSender sender;
    private final ListenerCalls listeners;

    private final long begun = System.nanoTime();
    private volatile boolean ended;
    private volatile boolean anyTaken;

    /** For each item that runs in a group, the group. */
    private final @Nullable GroupRun[] groups;

    /** What groups do with the batch. */
    private final class GroupHost implements GroupRun.Host {
        @Override
        public void dispatch(int item) {
            runItem(item);
        }

        @Override
        public void abandon(int item, Exception cause) {
            giveUpExchange(item, cause);
        }

        @Override
        public void elsewhere(Runnable action) {
            executor.deliver(action);
        }

        @Override
        public void settled(AtomicGroup group, List<Subresponse> answers, List<Duration> durations) {
            Settled settled = state.settle(group.first(), answers);
            if (!settled.first()) {
                return;
            }
            List<Subresponse> skipped = handOver(group.first(), answers, settled);
            for (int i = 0; i < group.size(); i++) {
                listeners.ended(group.first() + i, answers.get(i), durations.get(i));
            }
            goOnAfter(group.first(), group.size(), settled, skipped);
        }
    }

    BatchRun(BatchExecutor executor, BatchTask task, BatchCompletion completion) {
        this.executor = executor;
        this.batch = task.batch();
        this.event = task.event();
        this.plan = task.plan();
        this.limits = task.limits();
        this.completion = completion;
        this.readerOnly = !task.dispatcher().capabilities().concurrent();
        this.state = new RunState(batch.items(), plan, readerOnly ? 1 : limits.maxConcurrency(), limits.maxHeldBytes());
        this.groups = new GroupRun[batch.size()];
        this.sender = new ItemSender(this, task, state, this::answer);
        this.listeners = new ListenerCalls(task.listener(), event, sender);
        GroupHost groupHost = new GroupHost();
        for (AtomicGroup group : plan.groups()) {
            BatchTransaction transaction = Objects.requireNonNull(task.transaction());
            GroupRun run = new GroupRun(group, batch, transaction, limits.batchTimeout(), state, groupHost);
            Arrays.fill(groups, group.first(), group.end(), run);
        }
    }

    /**
     * The part of the thread that read the batch.
     *
     * @param mayLeave whether the outer request can go async, so that the thread need not wait for others
     */
    public ReaderResult workAsReader(boolean mayLeave) {
        while (true) {
            NextStep next = work(state.reader());
            if (next == NextStep.DELIVER) {
                return ReaderResult.DELIVER;
            }
            if (next == NextStep.RETIRE) {
                executor.workerBack();
                return mayLeave ? ReaderResult.OTHERS_AT_WORK : ReaderResult.GIVEN_UP;
            }
            if (mayLeave) {
                return ReaderResult.OTHERS_AT_WORK;
            }
            awaitWork();
        }
    }

    private void awaitWork() {
        try {
            state.awaitReaderMayGoOn();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop();
        }
    }

    /** The reader leaves; the outer request is async. Says whether it has to do something first. */
    public ReaderResult readerLeaves() {
        NextStep next = state.readerLeaves();
        if (next == NextStep.DELIVER) {
            return ReaderResult.DELIVER;
        }
        if (next == NextStep.RETIRE) {
            return ReaderResult.GIVEN_UP;
        }
        perform(next);
        return ReaderResult.OTHERS_AT_WORK;
    }

    private void workAsHelper() {
        state.workerArrived();
        NextStep next = work(new Worker(false));
        if (next == NextStep.RETIRE) {
            executor.workerBack();
        } else {
            // An envelope too is for another thread: a client that reads slowly must not hold one that runs items.
            perform(next);
        }
    }

    private NextStep work(Worker worker) {
        while (true) {
            NextStep next = state.next(worker);
            if (next != NextStep.RUN_ITEM) {
                return next;
            }
            callForHelp();
            run(worker.item);
        }
    }

    private void callForHelp() {
        if (!readerOnly && state.wantsWorker()) {
            startWorker();
        }
    }

    private void startWorker() {
        if (!executor.help(this::workAsHelper)) {
            // It will not come; the clock calls again for as long as there is something to do.
            state.workerArrived();
        }
    }

    private void run(int index) {
        GroupRun group = groups[index];
        if (group == null) {
            runItem(index);
        } else {
            group.run();
        }
    }

    private void runItem(int index) {
        try {
            send(index);
        } catch (RuntimeException | Error e) {
            LOG.error("Batch {}: item '{}' could not be run", event.batchId(), label(index), e);
            sender.exchange(index).giveUp();
            settle(
                    index,
                    Subresponse.of(Problem.of(500, "internal-error", "The item could not be run")
                            .detail("Item '" + label(index) + "' could not be run: "
                                    + e.getClass().getName())));
        }
    }

    private void send(int index) {
        try {
            sender.send(index);
        } catch (RefusedRequestException e) {
            settle(index, Subresponse.of(e.problem()));
        }
    }

    /** Takes the answer to an item, if it is the first, and sees to it that the batch goes on. */
    void settle(int index, Subresponse response) {
        GroupRun group = groups[index];
        if (group == null) {
            settle(index, response, null);
        } else {
            group.answered(index, response);
        }
    }

    private void settle(int index, Subresponse response, @Nullable Duration timedOutAfter) {
        long nanos = state.nanosSince(index);
        if (isPostponed(index, response, timedOutAfter)) {
            return;
        }
        Settled settled = state.settle(index, response);
        if (!settled.first()) {
            return;
        }
        List<Subresponse> skipped = handOver(index, List.of(response), settled);
        if (timedOutAfter != null) {
            listeners.timedOut(index, timedOutAfter);
        }
        boolean dispatched = sender.exchange(index).hasBegun();
        listeners.ended(index, response, dispatched ? Duration.ofNanos(nanos) : Duration.ZERO);
        goOnAfter(index, 1, settled, skipped);
    }

    /** Whether the item is to be tried again, so that the answer is not its last. */
    private boolean isPostponed(int index, Subresponse response, @Nullable Duration timedOutAfter) {
        if (limits.retries().isNever()) {
            return false;
        }
        Subrequest item = batch.items().get(index);
        Optional<Duration> delay = limits.retries().delay(item, state.retries(index), response);
        if (delay.isEmpty()) {
            return false;
        }
        Optional<NextStep> step = state.postpone(index, response, delay.get());
        if (step.isEmpty()) {
            return false;
        }
        if (timedOutAfter != null) {
            listeners.timedOut(index, timedOutAfter);
        }
        listeners.postponed(index, response, delay.get());
        perform(step.get());
        return true;
    }

    /** Brings the answers on their way to the client; returns those of the skipped items. */
    private List<Subresponse> handOver(int first, List<Subresponse> answers, Settled settled) {
        // Taken now: what has been written is forgotten.
        List<Subresponse> skipped =
                settled.skipped().stream().map(state::response).toList();
        for (int i = 0; i < answers.size(); i++) {
            completion.answered(first + i, answers.get(i));
        }
        for (int i = 0; i < skipped.size(); i++) {
            completion.answered(settled.skipped().get(i), skipped.get(i));
        }
        return skipped;
    }

    /** Listeners have been told of so many items from {@code first} on, not yet of the skipped ones. */
    private void goOnAfter(int first, int told, Settled settled, List<Subresponse> skipped) {
        releaseForgotten();
        for (int i = 0; i < skipped.size(); i++) {
            listeners.ended(settled.skipped().get(i), skipped.get(i), Duration.ZERO);
        }
        perform(settled.next());
        perform(state.told(first, told + skipped.size()));
    }

    void settleAborted(int index, Headers headers, Throwable cause) {
        LOG.debug("Batch {}: the host cut off the answer to item '{}'", event.batchId(), label(index), cause);
        Problem problem = Problem.of(502, "aborted-response", "The answer was cut off")
                .detail("The host cut off its answer to item '" + label(index)
                        + "'; alone on the wire, the connection would have broken");
        settle(index, Subresponse.of(problem, headers));
    }

    private Subresponse answer(int index) {
        GroupRun group = groups[index];
        return group == null ? state.response(index) : group.answer(index);
    }

    private void perform(NextStep next) {
        if (next == NextStep.START_WORKER) {
            startWorker();
        } else if (next == NextStep.DELIVER) {
            executor.deliver(() -> completion.deliver(state.readerInside()));
        }
    }

    /** Called every now and then, by one thread at a time: sees to time limits and to workers that do not come back. */
    void tick() {
        if (System.nanoTime() - begun > limits.batchTimeout().toNanos()) {
            end(i -> timeOut(i, limits.batchTimeoutKey(), limits.batchTimeout()));
        } else {
            state.makeDueReady();
            state.runningLongerThan(limits.itemTimeout().toNanos())
                    .forEach(i -> timeOut(i, "itemTimeout", limits.itemTimeout()));
        }
        Stuck stuck = state.retireStuck(GRACE_NANOS);
        for (int i = 0; i < stuck.retired(); i++) {
            executor.workerStuck();
        }
        perform(stuck.next());
        callForHelp();
        completion.tick();
    }

    /** Nothing begins any more, nor again. */
    private void end(IntConsumer giveUp) {
        state.endRetries();
        state.undone().forEach(giveUp::accept);
        // Last, or what waits for these would begin.
        Settled settled = state.settlePostponed();
        goOnAfter(Worker.NO_ITEM, 0, settled, handOver(0, List.of(), settled));
    }

    private void timeOut(int item, String limit, Duration duration) {
        GroupRun group = groups[item];
        int index = group == null ? item : group.current();
        Problem problem = Problem.of(504, "timeout", "The item took too long")
                .detail("Item '" + label(index) + "' had no answer when its time was up, after " + duration.toMillis()
                        + " ms (" + limit + "); its handler may still be running")
                .limitedBy(limit);
        giveUp(index, problem, new TimeoutException(problem.detail()), duration);
    }

    private void giveUp(int index, Problem problem, Exception cause, @Nullable Duration timedOutAfter) {
        GroupRun group = groups[index];
        if (group == null) {
            giveUpExchange(index, cause);
            settle(index, Subresponse.of(problem), timedOutAfter);
        } else {
            group.giveUp(problem, cause, () -> {
                if (timedOutAfter != null) {
                    listeners.timedOut(index, timedOutAfter);
                }
            });
        }
    }

    private void giveUpExchange(int index, Exception cause) {
        ItemExchange exchange = sender.exchange(index);
        exchange.giveUp();
        if (exchange.hasBegun()) {
            executor.deliver(() -> exchange.cancel(cause));
        }
    }

    /** Ends what is still open, because the app is going down. */
    public void stop() {
        Problem problem = Problem.of(503, "stopping", "The app is stopping")
                .detail("The app stopped before the item had an answer");
        end(i -> giveUp(i, problem, new IOException(problem.detail()), null));
    }

    /** After {@link #stop}: waits a moment for listeners to be told of all items, since they are told of the batch's end last. */
    public void awaitTold() {
        try {
            state.awaitTold(TOLD);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nobody waits for the answers any more: what has not begun does not begin. */
    public void cancelRest(Problem problem) {
        Settled settled = state.abort(problem);
        List<Subresponse> skipped = handOver(0, List.of(), settled);
        // Whoever has found out has more to do than to wait for listeners.
        executor.deliver(() -> goOnAfter(Worker.NO_ITEM, 0, settled, skipped));
    }

    /** The client has the answer to an item: what it holds is let go, as soon as no other item can refer to it any more. */
    public void taken(int item) {
        anyTaken = true;
        NextStep next = state.taken(item);
        releaseForgotten();
        perform(next);
    }

    private void releaseForgotten() {
        if (!anyTaken) {
            // Of most batches nothing is taken before the end: no lock for each item.
            return;
        }
        state.forgotten().forEach(item -> sender.exchange(item).release());
    }

    /** The request target that an item was sent to that others may refer to; empty for any other. */
    public String target(int item) {
        return sender.target(item);
    }

    private String label(int index) {
        return batch.items().get(index).label();
    }

    void markEnded() {
        ended = true;
    }

    /** Whether it has ended and all its threads have come back or been given up. */
    boolean isOver() {
        return ended && !state.hasWorkers();
    }

    /** The answers in the order of the items; to be called once all are there. */
    public List<Subresponse> responses() {
        return state.responses();
    }

    /** How long ago the batch began to run. */
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }
}
