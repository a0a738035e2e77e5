package io.multistatus.execution;

import io.multistatus.model.Batch;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import java.util.ArrayList;
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
    private final boolean stopOnError;

    private ExecutionPlan(Batch batch, ExecutionMode mode, boolean stopOnError) {
        int size = batch.size();
        this.stopOnError = stopOnError;
        this.waitsFor = new int[size];
        this.followers = new int[size][];
        this.dependencies = new int[size][];
        this.refusals = new Problem[size];

        Map<String, List<Integer>> byName = new HashMap<>();
        int[][] predecessors = new int[size][];
        int lastUnsafe = -1;
        for (int i = 0; i < size; i++) {
            Subrequest item = batch.items().get(i);
            BitSet required = new BitSet();
            item.dependsOn()
                    .forEach(name -> byName.getOrDefault(name, List.of()).forEach(required::set));
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
                byName.computeIfAbsent(item.id().text(), name -> new ArrayList<>(1))
                        .add(i);
            }
            if (item.atomicityGroup() != null) {
                byName.computeIfAbsent(item.atomicityGroup(), name -> new ArrayList<>())
                        .add(i);
            }
        }
        connect(predecessors);
        refuseGroups(batch);
    }

    /**
     * A plan.
     *
     * @param mode the order that was asked for
     * @param stopOnError whether items not begun when one fails are not to run at all; what is ordered then runs
     *     strictly one at a time
     */
    public static ExecutionPlan of(Batch batch, ExecutionMode mode, boolean stopOnError) {
        boolean strict = stopOnError && mode == ExecutionMode.ORDERED;
        return new ExecutionPlan(batch, strict ? ExecutionMode.SEQUENTIAL : mode, stopOnError);
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

    /** A group of several items that may change something would need a transaction, which there is none for. */
    private void refuseGroups(Batch batch) {
        Map<String, List<Subrequest>> groups = new HashMap<>();
        for (Subrequest item : batch.items()) {
            if (item.atomicityGroup() != null) {
                groups.computeIfAbsent(item.atomicityGroup(), name -> new ArrayList<>())
                        .add(item);
            }
        }
        groups.forEach((name, members) -> {
            if (members.size() > 1 && !members.stream().allMatch(Subrequest::isSafe)) {
                Problem refusal = Problem.of(501, "atomicity-not-supported", "All or nothing is not supported here")
                        .detail(
                                "The items of atomicityGroup " + Problem.quote(name)
                                        + " would have to run in one transaction, and none is configured; none of them has run");
                members.forEach(member -> refusals[member.index()] = refusal);
            }
        });
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

    boolean stopOnError() {
        return stopOnError;
    }
}
