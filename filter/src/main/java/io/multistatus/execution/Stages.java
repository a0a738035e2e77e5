package io.multistatus.execution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/** How far each item of a batch has come, and since when. Belongs to the lock of its {@link RunState}. */
final class Stages {
    enum Stage {
        WAITING,
        READY,
        RUNNING,
        /** Its group is running, another of its items now. */
        IN_GROUP,
        /** It has failed and will be tried again. */
        POSTPONED,
        DONE
    }

    private final Stage[] stages;
    /** When it began, and once it is done when it got done, by {@link System#nanoTime()}. */
    private final long[] since;
    /** In the order they became ready. */
    private final Set<Integer> ready = new LinkedHashSet<>();

    private int running;

    /** So many, all of them waiting. */
    Stages(int items) {
        stages = new Stage[items];
        since = new long[items];
        Arrays.fill(stages, Stage.WAITING);
    }

    int size() {
        return stages.length;
    }

    boolean is(int item, Stage stage) {
        return stages[item] == stage;
    }

    boolean hasReady() {
        return !ready.isEmpty();
    }

    /** The one that has been ready for longest. */
    int firstReady() {
        return ready.iterator().next();
    }

    /** How many are running, each group as one. */
    int running() {
        return running;
    }

    void makeReady(int item) {
        stages[item] = Stage.READY;
        ready.add(item);
    }

    /** One that is ready runs. */
    void begin(int item) {
        ready.remove(item);
        running++;
        run(item);
    }

    /** So does its group, whose first it is. */
    void begin(AtomicGroup group) {
        Arrays.fill(stages, group.first() + 1, group.end(), Stage.IN_GROUP);
    }

    /** A group goes on from one of its items to another, whose time begins. */
    void goOnInGroup(int from, int to) {
        stages[from] = Stage.IN_GROUP;
        run(to);
    }

    private void run(int item) {
        stages[item] = Stage.RUNNING;
        since[item] = System.nanoTime();
    }

    /** One that is running will be made ready again. */
    void postpone(int item) {
        stages[item] = Stage.POSTPONED;
        running--;
    }

    void done(int item) {
        if (stages[item] == Stage.RUNNING) {
            running--;
        } else if (stages[item] == Stage.READY) {
            ready.remove(item);
        }
        stages[item] = Stage.DONE;
        since[item] = System.nanoTime();
    }

    /** How long the item has been running, or how long ago it got done. */
    long nanosSince(int item) {
        return System.nanoTime() - since[item];
    }

    /** Those that are as {@code wanted}, in their order. */
    List<Integer> all(IntPredicate wanted) {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < stages.length; i++) {
            if (wanted.test(i)) {
                found.add(i);
            }
        }
        return found;
    }
}
