package io.multistatus.modes;

import io.multistatus.execution.ExecutionMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Which items of a batch may run, by the definition of its mode, when some are done; and which do run, by what their
 * handlers say. A handler says when it has been entered, and does not return before it is told to. Thread-safe.
 */
final class Schedule {
    private static final long PATIENCE_MILLIS = 20_000;
    private static final long PATIENCE_NANOS = PATIENCE_MILLIS * 1_000_000;

    /**
     * An item of the batch.
     *
     * @param safe whether its method is
     * @param fails whether its handler answers with an error
     * @param dependsOn indices of earlier items
     */
    record Step(boolean safe, boolean fails, List<Integer> dependsOn) {}

    private enum Stage {
        WAITING,
        ENTERED,
        RETURNING,
        DONE
    }

    private final List<Step> steps;
    private final ExecutionMode mode;
    private final boolean stopOnError;
    private final int maxConcurrency;
    private final Stage[] stages;
    private final int[] statuses;
    private final List<String> history = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();

    Schedule(List<Step> steps, ExecutionMode mode, boolean stopOnError, int maxConcurrency) {
        this.steps = steps;
        this.mode = mode;
        this.stopOnError = stopOnError;
        this.maxConcurrency = maxConcurrency;
        this.stages = new Stage[steps.size()];
        this.statuses = new int[steps.size()];
        Arrays.fill(stages, Stage.WAITING);
    }

    /** Called by an item's handler; returns the status that it is to answer with, when it is to. */
    synchronized int entered(int item) throws InterruptedException {
        awaitEndsBefore(item);
        if (stages[item] != Stage.WAITING || !mayRun(item)) {
            violations.add(
                    "item " + item + " has begun while the others are " + Arrays.toString(stages) + "; " + history);
            return 500;
        }
        history.add("enters " + item);
        stages[item] = Stage.ENTERED;
        notifyAll();
        long end = System.nanoTime() + 2 * PATIENCE_NANOS;
        while (stages[item] == Stage.ENTERED && System.nanoTime() < end) {
            wait(PATIENCE_MILLIS);
        }
        return statuses[item];
    }

    /** What has returned lets the next one begin a moment before the batch tells that it has ended. */
    private void awaitEndsBefore(int item) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (stages[item] == Stage.WAITING
                && !mayRun(item)
                && Arrays.asList(stages).contains(Stage.RETURNING)
                && System.nanoTime() < end) {
            wait(PATIENCE_MILLIS);
        }
    }

    /** The batch has an item's answer. */
    synchronized void ended(int item) {
        if (stages[item] == Stage.RETURNING) {
            stages[item] = Stage.DONE;
            endWhatCannotRun(stopOnError && steps.get(item).fails());
            notifyAll();
        }
    }

    /** Waits until as many run side by side as may; of these, lets one return. False when all is done. */
    synchronized boolean step(int chance) throws InterruptedException {
        TreeSet<Integer> may = new TreeSet<>();
        for (int i = 0; i < steps.size(); i++) {
            if (stages[i] == Stage.ENTERED || (stages[i] == Stage.WAITING && mayRun(i))) {
                may.add(i);
            }
        }
        int expected = Math.min(maxConcurrency, may.size());
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (running().size() < expected && System.nanoTime() < end) {
            wait(PATIENCE_MILLIS);
        }
        List<Integer> running = running();
        if (running.size() != expected || !may.containsAll(running)) {
            violations.add(running + " run, of " + may + " that may; all: " + Arrays.toString(stages));
            expected = 0;
        }
        if (expected == 0) {
            letAllReturn();
            return false;
        }
        letReturn(running.get(Math.floorMod(chance, running.size())));
        return true;
    }

    private List<Integer> running() {
        List<Integer> running = new ArrayList<>();
        for (int i = 0; i < stages.length; i++) {
            if (stages[i] == Stage.ENTERED) {
                running.add(i);
            }
        }
        return running;
    }

    private void letReturn(int item) throws InterruptedException {
        history.add("returns " + item);
        statuses[item] = steps.get(item).fails() ? 409 : 200;
        stages[item] = Stage.RETURNING;
        notifyAll();
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (stages[item] == Stage.RETURNING && System.nanoTime() < end) {
            wait(PATIENCE_MILLIS);
        }
    }

    private void endWhatCannotRun(boolean stopped) {
        for (int i = 0; i < steps.size(); i++) {
            if (stages[i] == Stage.WAITING && (stopped || (isItsTurn(i) && hasFailedDependency(i)))) {
                statuses[i] = 424;
                stages[i] = Stage.DONE;
            }
        }
    }

    private void letAllReturn() {
        Arrays.fill(stages, Stage.DONE);
        notifyAll();
    }

    private boolean mayRun(int item) {
        return isItsTurn(item)
                && steps.get(item).dependsOn().stream()
                        .allMatch(before -> stages[before] == Stage.DONE && statuses[before] < 400);
    }

    private boolean hasFailedDependency(int item) {
        return steps.get(item).dependsOn().stream()
                .anyMatch(before -> stages[before] == Stage.DONE && statuses[before] >= 400);
    }

    private boolean isItsTurn(int item) {
        return IntStream.range(0, item)
                .allMatch(before -> stages[before] == Stage.DONE
                        || mode == ExecutionMode.PARALLEL
                        || (mode == ExecutionMode.ORDERED
                                && !stopOnError
                                && steps.get(before).safe()
                                && steps.get(item).safe()));
    }

    /** What contradicts the mode, in words. */
    synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    /** What the items are answered with. */
    synchronized List<Integer> statuses() {
        return Arrays.stream(statuses).boxed().toList();
    }
}
