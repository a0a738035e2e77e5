package io.multistatus.execution;

import io.multistatus.model.Batch;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for whom. An item waits for those that must be done before it ({@link #followers} has the same edges the
 * other way round), and of these some must have succeeded ({@link #dependencies}). Edges point forwards in document
 * order only, so there are no cycles. Immutable.
 */
public final class ExecutionPlan {
    private static final int[] NONE = {};

    private final int[] waitsFor;
    private final int[][] followers;
    private final int[][] dependencies;
    private final @Nullable Problem[] refusals;
    private final @Nullable AtomicGroup[] groupOf;
    private final List<AtomicGroup> groups;
    private final boolean stopOnError;

    private ExecutionPlan(Batch batch, ExecutionMode mode, boolean stopOnError, Atomicity atomicity) {
        int size = batch.size();
        this.stopOnError = stopOnError;
        this.waitsFor = new int[size];
        this.followers = new int[size][];
        this.dependencies = new int[size][];
        this.refusals = new Problem[size];
        this.groupOf = new AtomicGroup[size];
        this.groups = atomicity == Atomicity.TRANSACTION ? atomicGroups(batch) : List.of();
        groups.forEach(group -> Arrays.fill(groupOf, group.first(), group.end(), group));
        // The items that follow another one of their group and stop with it.
        BitSet inOrder = new BitSet();
        if (atomicity != Atomicity.TRANSACTION) {
            for (AtomicGroup group : atomicGroups(batch)) {
                if (atomicity == Atomicity.NONE) {
                    inOrder.set(group.first() + 1, group.end());
                } else {
                    Arrays.fill(refusals, group.first(), group.end(), refusal(group));
                }
            }
        }

        Map<String, List<Integer>> byName = new HashMap<>();
        int[][] predecessors = new int[size][];
        int lastUnsafe = -1;
        for (int i = 0; i < size; i++) {
            Subrequest item = batch.items().get(i);
            BitSet required = new BitSet();
            item.dependsOn()
                    .forEach(name -> byName.getOrDefault(name, List.of()).forEach(required::set));
            if (inOrder.get(i)) {
                required.set(i - 1);
            }
            dependencies[i] = indices(required);
            boolean barrier = mode == ExecutionMode.SEQUENTIAL || !item.isSafe();
            if (mode != ExecutionMode.PARALLEL) {
                // What is safe waits for the last barrier only; a barrier also for all that is safe since then.
                required.set(barrier ? Math.max(lastUnsafe, 0) : i, i);
                if (lastUnsafe >= 0) {
                    required.set(lastUnsafe);
                }
            }
            // Not kept as bit sets: those would take memory by the square of the items.
            predecessors[i] = indices(required);
            lastUnsafe = barrier ? i : lastUnsafe;
            if (item.id() != null) {
                byName.computeIfAbsent(item.id().name(), name -> new ArrayList<>(1))
                        .add(i);
            }
            if (item.atomicityGroup() != null) {
                byName.computeIfAbsent(item.atomicityGroup(), name -> new ArrayList<>())
                        .add(i);
            }
        }
        groups.forEach(group -> waitTogether(group, predecessors));
        connect(predecessors);
    }

    /**
     * A plan.
     *
     * @param mode the order that was asked for
     * @param stopOnError whether items not begun when one fails are not to run at all; what is ordered then runs
     *     strictly one at a time
     * @param atomicity what becomes of groups that need a transaction
     */
    public static ExecutionPlan of(Batch batch, ExecutionMode mode, boolean stopOnError, Atomicity atomicity) {
        boolean strict = stopOnError && mode == ExecutionMode.ORDERED;
        return new ExecutionPlan(batch, strict ? ExecutionMode.SEQUENTIAL : mode, stopOnError, atomicity);
    }

    /** Whether there is a group in {@code batch} that needs a transaction. */
    public static boolean needsTransaction(Batch batch) {
        return !atomicGroups(batch).isEmpty();
    }

    private static boolean isSameGroup(Subrequest item, Subrequest before) {
        return item.atomicityGroup() != null && item.atomicityGroup().equals(before.atomicityGroup());
    }

    /** Groups of one item, or of safe methods only, need no transaction. */
    private static List<AtomicGroup> atomicGroups(Batch batch) {
        List<AtomicGroup> groups = new ArrayList<>();
        List<Subrequest> items = batch.items();
        int first = 0;
        for (int i = 1; i <= items.size(); i++) {
            if (i == items.size() || !isSameGroup(items.get(i), items.get(i - 1))) {
                String name = items.get(first).atomicityGroup();
                if (name != null
                        && i - first > 1
                        && !items.subList(first, i).stream().allMatch(Subrequest::isSafe)) {
                    groups.add(new AtomicGroup(name, first, i));
                }
                first = i;
            }
        }
        return groups;
    }

    private static Problem refusal(AtomicGroup group) {
        return Problem.of(501, "atomicity-not-supported", "All or nothing is not supported here")
                .detail("The items of atomicityGroup " + Problem.quote(group.name())
                        + " would have to run in one transaction, and the app does not say in which (atomicity); none of them has"
                        + " run");
    }

    /** A group begins with its first item, once all is done that any of its items waits for; the others follow that one. */
    private static void waitTogether(AtomicGroup group, int[][] predecessors) {
        BitSet all = new BitSet();
        for (int i = group.first(); i < group.end(); i++) {
            Arrays.stream(predecessors[i]).filter(p -> !group.contains(p)).forEach(all::set);
            predecessors[i] = NONE;
        }
        predecessors[group.first()] = indices(all);
    }

    private static int[] indices(BitSet items) {
        return items.isEmpty() ? NONE : items.stream().toArray();
    }

    private void connect(int[][] predecessors) {
        int[] counts = new int[waitsFor.length];
        for (int i = 0; i < waitsFor.length; i++) {
            waitsFor[i] = predecessors[i].length;
            for (int predecessor : predecessors[i]) {
                counts[predecessor]++;
            }
        }
        for (int i = 0; i < waitsFor.length; i++) {
            followers[i] = counts[i] == 0 ? NONE : new int[counts[i]];
        }
        for (int i = waitsFor.length - 1; i >= 0; i--) {
            for (int predecessor : predecessors[i]) {
                followers[predecessor][--counts[predecessor]] = i;
            }
        }
    }

    /** How many items there are. */
    int size() {
        return waitsFor.length;
    }

    /** How many items must be done before {@code item} is ready, in an array of the caller's own. */
    int[] waitsFor() {
        return waitsFor.clone();
    }

    /** The items that wait for {@code item}, in document order. */
    int[] followers(int item) {
        return followers[item];
    }

    /** The items that must have succeeded for {@code item} to run, in document order. */
    int[] dependencies(int item) {
        return dependencies[item];
    }

    /** Why {@code item} is not to run although it could be read, if so. */
    Optional<Problem> refusal(int item) {
        return Optional.ofNullable(refusals[item]);
    }

    /** The group that {@code item} runs in, if it does not run by itself. */
    Optional<AtomicGroup> group(int item) {
        return Optional.ofNullable(groupOf[item]);
    }

    /** All groups that run in a transaction, in document order. */
    List<AtomicGroup> groups() {
        return groups;
    }

    /** Whether {@code item} runs by itself, or is the one that its group begins with. */
    boolean isBegin(int item) {
        AtomicGroup group = groupOf[item];
        return group == null || group.first() == item;
    }

    boolean stopOnError() {
        return stopOnError;
    }
}
