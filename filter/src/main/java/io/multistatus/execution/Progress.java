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
import org.jspecify.annotations.Nullable;

/**
 * How far the items of a batch have come, and what follows for the others when one gets done. Belongs to the lock of its
 * {@link RunState}.
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
 */
final class Progress {
    private static final Problem ABORTED = Problem.of(424, "aborted", "The batch stopped at an earlier failure")
            .detail("An earlier item failed, and the batch asked not to continue on errors; this item has not run");

    private final ExecutionPlan plan;
    private final Stages stages;
    private final ItemAnswers answers;
    private final Postponed postponed;
    private final Prerequisites prerequisites;
    private final int[] waitsFor;
    /** Nothing begins any more: an item has failed, or nobody waits for the rest. */
    private boolean stopped;
    /** Nothing is tried again any more. */
    private boolean retriesOver;

    /**
     * Those that wait for nobody are ready.
     *
     * @param answers takes those that come in
     */
    Progress(List<Subrequest> items, ExecutionPlan plan, ItemAnswers answers) {
        this.plan = plan;
        this.answers = answers;
        this.stages = new Stages(items.size());
        this.postponed = new Postponed(items.size());
        this.prerequisites = new Prerequisites(items, plan, answers);
        this.waitsFor = plan.waitsFor();
        for (int i = 0; i < waitsFor.length; i++) {
            if (waitsFor[i] == 0 && plan.isBegin(i)) {
                stages.makeReady(i);
            }
        }
    }

    boolean is(int item, Stage stage) {
        return stages.is(item, stage);
    }

    boolean hasReady() {
        return stages.hasReady();
    }

    /** How many are running, each group as one. */
    int running() {
        return stages.running();
    }

    /** How long the item has been running, or how long ago it got done. */
    long nanosSince(int item) {
        return stages.nanosSince(item);
    }

    /** How often an item has been tried again. */
    int retries(int item) {
        return postponed.retries(item);
    }

    /** The one that has been ready for longest runs, and with it its group, if it is the first of one. */
    int begin() {
        int item = stages.firstReady();
        postponed.begun(item);
        stages.begin(item);
        plan.group(item).ifPresent(stages::begin);
        return item;
    }

    /** A group goes on from one of its items to another, whose time begins. */
    void goOnInGroup(int from, int to) {
        stages.goOnInGroup(from, to);
    }

    /**
     * Items have their answers, the first of them {@code first}.
     *
     * @return those that have theirs because of that, and will not run
     */
    List<Integer> finish(int first, List<Subresponse> theirAnswers) {
        List<Integer> skipped = new ArrayList<>();
        finish(first, theirAnswers, skipped);
        return skipped;
    }

    private void finish(int first, List<Subresponse> theirAnswers, List<Integer> skipped) {
        Deque<Integer> open = new ArrayDeque<>();
        for (Subresponse answer : theirAnswers) {
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

    /** Lets nothing begin any more; returns what has not, which is answered with {@code problem}. */
    List<Integer> abort(Problem problem) {
        List<Integer> skipped = new ArrayList<>();
        stopped = true;
        abortRest(problem, skipped);
        return skipped;
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

    /** An item is to be tried again; returns false if it is not, since nothing is any more or it is done. */
    boolean postpone(int item, Subresponse answer, Duration delay) {
        if (!stages.is(item, Stage.RUNNING) || stopped || retriesOver) {
            return false;
        }
        stages.postpone(item);
        postponed.add(item, answer, delay);
        return true;
    }

    /** Makes those ready whose time to be tried again has come; returns whether there are any. */
    boolean makeDueReady() {
        boolean any = false;
        for (int item : postponed.due()) {
            if (stages.is(item, Stage.POSTPONED)) {
                stages.makeReady(item);
                any = true;
            }
        }
        return any;
    }

    void endRetries() {
        retriesOver = true;
    }

    /** The answers of those that wait to be tried again are final; returns them, and those that will not run because of that. */
    List<Integer> settlePostponed() {
        List<Integer> settled = new ArrayList<>();
        for (int item : postponed.all()) {
            @Nullable Subresponse answer = postponed.remove(item);
            if (answer != null) {
                settled.add(item);
                finish(item, List.of(answer), settled);
            }
        }
        return settled;
    }

    List<Integer> runningLongerThan(long limitNanos) {
        return stages.all(i -> stages.is(i, Stage.RUNNING) && stages.nanosSince(i) > limitNanos);
    }

    /** Those that have no answer yet, not even one that is not their last; the last first. */
    List<Integer> undone() {
        List<Integer> undone = stages.all(i -> !stages.is(i, Stage.DONE) && !postponed.has(i));
        Collections.reverse(undone);
        return undone;
    }
}
