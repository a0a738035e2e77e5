package io.multistatus.execution;

import io.multistatus.model.Batch;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import io.multistatus.transaction.BatchTransaction;
import io.multistatus.transaction.GroupScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A group of items in one transaction: one after another on one thread. Nothing is known of their answers outside before it
 * is settled what becomes of all of them.
 *
 * <pre>
 *   WORKING ──all have succeeded──► COMMITTING ──committed, or not, or neither is known──► OVER
 *      │                              └── the time of the commit is up: in doubt ─────────► OVER
 *      ├── one has failed: rolled back, then answered ────────────────────────────────────► OVER
 *      └── given up: answered at once, rolled back when the handler comes back ───────────► OVER
 * </pre>
 *
 * Thread-safe.
 */
final class GroupRun {
    private static final Logger LOG = LoggerFactory.getLogger(GroupRun.class);

    /** The group whose item a thread is in. */
    private static final ThreadLocal<GroupRun> DISPATCHING = new ThreadLocal<>();

    private enum Stage {
        WORKING,
        COMMITTING,
        OVER
    }

    /** How the batch takes part. */
    interface Host {
        /** Runs an item on this thread. */
        void dispatch(int item);

        /** Stops waiting for an item's answer. */
        void abandon(int item, Exception cause);

        /** Has code of others run on another thread. */
        void elsewhere(Runnable action);

        /** All answers are there. */
        void settled(AtomicGroup group, List<Subresponse> answers, List<Duration> durations);
    }

    private final AtomicGroup group;
    private final Batch batch;
    private final BatchTransaction transaction;
    private final Duration limit;
    private final RunState state;
    private final Host host;

    // All below: guarded by this. No call to other code is made while holding it.
    private final @Nullable Subresponse[] answers;
    private final long[] began;
    private final long[] ended;
    private Stage stage = Stage.WORKING;
    private int current;
    private @Nullable Thread thread;
    private boolean asynchronous;
    private BatchTransaction.@Nullable Running running;

    GroupRun(AtomicGroup group, Batch batch, BatchTransaction transaction, Duration limit, RunState state, Host host) {
        this.group = group;
        this.batch = batch;
        this.transaction = transaction;
        this.limit = limit;
        this.state = state;
        this.host = host;
        this.current = group.first();
        this.answers = new Subresponse[group.size()];
        this.began = new long[group.size()];
        this.ended = new long[group.size()];
    }

    /** The whole group, on the thread that has taken its first item. */
    void run() {
        Optional<Subrequest> faulty =
                members().stream().filter(item -> item.fault() != null).findFirst();
        if (faulty.isPresent()) {
            refuse(faulty.get());
            return;
        }
        BatchTransaction.Running begun;
        try {
            begun = transaction.begin(limit);
        } catch (Exception | Error e) {
            LOG.warn("No transaction could be begun for the group {}", Problem.quote(group.name()), e);
            settle(fill(GroupProblems.noTransaction(group)));
            return;
        }
        synchronized (this) {
            thread = Thread.currentThread();
            running = begun;
        }
        boolean succeeded = false;
        GroupScope scope = GroupScope.open();
        try {
            succeeded = runMembers();
        } finally {
            end(begun, succeeded, scope);
        }
    }

    private List<Subrequest> members() {
        return batch.items().subList(group.first(), group.end());
    }

    /** One of them cannot run, so none of them does. */
    private void refuse(Subrequest culprit) {
        Problem fault = Objects.requireNonNull(culprit.fault());
        Problem others = GroupProblems.notRun(group, culprit, fault.status());
        settle(members().stream()
                .map(item -> Subresponse.of(item.index() == culprit.index() ? fault : others))
                .toList());
    }

    /** Whether all have succeeded. */
    private boolean runMembers() {
        for (int item = group.first(); item < group.end(); item++) {
            if (!goOn(item)) {
                return false;
            }
            DISPATCHING.set(this);
            try {
                host.dispatch(item);
            } finally {
                DISPATCHING.remove();
            }
            if (!hasSucceeded(item)) {
                return false;
            }
        }
        return true;
    }

    private boolean goOn(int item) {
        int from;
        synchronized (this) {
            if (stage == Stage.OVER) {
                return false;
            }
            from = current;
            current = item;
            began[item - group.first()] = System.nanoTime();
        }
        return state.goOnInGroup(from, item);
    }

    private boolean hasSucceeded(int item) {
        boolean abandon;
        synchronized (this) {
            if (stage == Stage.OVER) {
                return false;
            }
            int i = item - group.first();
            Subresponse answer = answers[i];
            if (answer != null && answer.failed()) {
                return false;
            }
            if (answer != null && !asynchronous) {
                return true;
            }
            abandon = answer == null;
            answers[i] = Subresponse.of(
                    GroupProblems.asynchronous(group, batch.items().get(item)));
        }
        if (abandon) {
            host.abandon(item, new IllegalStateException("An item of a group must not be asynchronous"));
        }
        return false;
    }

    /** Takes an item's answer, until the group is over. */
    void answered(int item, Subresponse answer) {
        synchronized (this) {
            int i = item - group.first();
            if (stage == Stage.WORKING && answers[i] == null) {
                answers[i] = answer;
                ended[i] = System.nanoTime();
                asynchronous |= thread != null && thread != Thread.currentThread();
            }
        }
    }

    /**
     * The handler that this thread is in has put its request into asynchronous mode. If it is quick, a container may finish it
     * on this thread all the same, but what it did elsewhere was in no transaction.
     */
    static void handlerWentAsync() {
        GroupRun group = DISPATCHING.get();
        if (group != null) {
            synchronized (group) {
                group.asynchronous = true;
            }
        }
    }

    /** The item that is at work. */
    synchronized int current() {
        return current;
    }

    /** The answer of an item that has succeeded, to those of the group that follow it. */
    Subresponse answer(int item) {
        synchronized (this) {
            return Objects.requireNonNull(answers[item - group.first()]);
        }
    }

    private void end(BatchTransaction.Running begun, boolean succeeded, GroupScope scope) {
        boolean commit;
        synchronized (this) {
            commit = succeeded && stage == Stage.WORKING;
            if (commit) {
                stage = Stage.COMMITTING;
            }
        }
        if (commit && state.goOnInGroup(group.end() - 1, group.end() - 1)) {
            commit(begun, scope);
        } else {
            rollback(begun, scope);
        }
    }

    private void commit(BatchTransaction.Running begun, GroupScope scope) {
        Optional<Problem> failure = Optional.empty();
        GroupScope.End end = GroupScope.End.COMMITTED;
        try {
            begun.commit();
        } catch (BatchTransaction.RolledBackException e) {
            LOG.warn("The group {} was rolled back when it was to be committed", Problem.quote(group.name()), e);
            failure = Optional.of(GroupProblems.notCommitted(group));
            end = GroupScope.End.ROLLED_BACK;
        } catch (Exception | Error e) {
            LOG.error("It is not known whether the group {} has been committed", Problem.quote(group.name()), e);
            failure = Optional.of(GroupProblems.inDoubt(group, 500));
            end = GroupScope.End.IN_DOUBT;
        }
        scope.end(end);
        settle(failure.map(this::fill).orElseGet(this::allAnswers));
    }

    private void rollback(BatchTransaction.Running begun, GroupScope scope) {
        boolean known = true;
        try {
            begun.rollback();
        } catch (Exception | Error e) {
            LOG.error("It is not known whether the group {} has been rolled back", Problem.quote(group.name()), e);
            known = false;
        }
        scope.end(known ? GroupScope.End.ROLLED_BACK : GroupScope.End.IN_DOUBT);
        int culprit;
        synchronized (this) {
            if (stage == Stage.OVER) {
                return;
            }
            culprit = current;
        }
        List<Subresponse> all = known ? failedAt(culprit, failure(culprit)) : fill(GroupProblems.inDoubt(group, 500));
        all.set(culprit - group.first(), failure(culprit));
        settle(all);
    }

    private synchronized Subresponse failure(int item) {
        Subresponse answer = answers[item - group.first()];
        return answer != null && answer.failed()
                ? answer
                : Subresponse.of(Problem.of(500, "internal-error", "The item could not be run")
                        .detail("Item '" + batch.items().get(item).label() + "' could not be run to its end"));
    }

    /**
     * Stops waiting for the group. What is to be undone is undone by its own thread, when the handler comes back that has it.
     *
     * @param problem what the item is told that was at work
     * @param beforeSettled is done if it was not over yet
     */
    void giveUp(Problem problem, Exception cause, Runnable beforeSettled) {
        List<Subresponse> given;
        int culprit;
        BatchTransaction.Running begun;
        synchronized (this) {
            if (stage == Stage.OVER) {
                return;
            }
            culprit = current;
            begun = running;
            given = stage == Stage.COMMITTING
                    ? fill(GroupProblems.inDoubt(group, problem.status()))
                    : failedAt(culprit, Subresponse.of(problem));
            stage = Stage.OVER;
        }
        host.abandon(culprit, cause);
        if (begun != null) {
            host.elsewhere(begun::abandon);
        }
        beforeSettled.run();
        host.settled(group, given, durations());
    }

    private void settle(List<Subresponse> all) {
        synchronized (this) {
            if (stage == Stage.OVER) {
                return;
            }
            stage = Stage.OVER;
        }
        host.settled(group, all, durations());
    }

    private List<Subresponse> failedAt(int culprit, Subresponse answer) {
        Problem others = GroupProblems.rolledBack(group, batch.items().get(culprit), answer.status());
        List<Subresponse> all = fill(others);
        all.set(culprit - group.first(), answer);
        return all;
    }

    private List<Subresponse> fill(Problem problem) {
        List<Subresponse> all = new ArrayList<>();
        for (int i = 0; i < group.size(); i++) {
            all.add(Subresponse.of(problem));
        }
        return all;
    }

    private synchronized List<Subresponse> allAnswers() {
        List<Subresponse> all = new ArrayList<>();
        for (Subresponse answer : answers) {
            all.add(Objects.requireNonNull(answer));
        }
        return all;
    }

    private synchronized List<Duration> durations() {
        List<Duration> durations = new ArrayList<>();
        long now = System.nanoTime();
        for (int i = 0; i < began.length; i++) {
            long end = ended[i] == 0 ? now : ended[i];
            durations.add(began[i] == 0 ? Duration.ZERO : Duration.ofNanos(end - began[i]));
        }
        return durations;
    }
}
