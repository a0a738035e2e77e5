package io.multistatus.modes;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** Batches of reads and writes of a few notes, with dependencies and groups, by chance. */
final class GeneratedBatches {
    private static final int MOST_ITEMS = 14;
    private static final int NOTES = 3;

    private GeneratedBatches() {}

    /** Where an item gets its place, how far back what it depends on stands. */
    private record Draft(Operation.Kind kind, int note, List<Integer> back, boolean withItemBefore, boolean async) {}

    static Arbitrary<List<Operation>> batches() {
        Arbitrary<Draft> drafts = Combinators.combine(
                        Arbitraries.of(Operation.Kind.class),
                        Arbitraries.integers().between(1, NOTES),
                        Arbitraries.frequencyOf(
                                Tuple.of(3, Arbitraries.just(List.<Integer>of())),
                                Tuple.of(
                                        1,
                                        Arbitraries.integers()
                                                .between(1, 5)
                                                .list()
                                                .ofMinSize(1)
                                                .ofMaxSize(2))),
                        Arbitraries.frequency(Tuple.of(3, false), Tuple.of(1, true)),
                        Arbitraries.of(false, true))
                .as(Draft::new);
        return drafts.list().ofMinSize(1).ofMaxSize(MOST_ITEMS).map(GeneratedBatches::operations);
    }

    private static List<Operation> operations(List<Draft> drafts) {
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < drafts.size(); i++) {
            Draft draft = drafts.get(i);
            boolean nextJoins = i + 1 < drafts.size() && drafts.get(i + 1).withItemBefore();
            String group = null;
            if (draft.withItemBefore() && i > 0) {
                group = operations.get(i - 1).group();
            } else if (nextJoins) {
                group = "g" + i;
            }
            Set<String> dependsOn = new LinkedHashSet<>();
            for (int back : draft.back()) {
                if (back <= i) {
                    dependsOn.add(nameOf(operations.get(i - back), group, back));
                }
            }
            operations.add(new Operation(
                    i, draft.kind(), draft.note(), List.copyOf(dependsOn), group, draft.async() && group == null));
        }
        return operations;
    }

    /** Some depend on the whole group that an item is in. */
    private static String nameOf(Operation target, @Nullable String ownGroup, int back) {
        String group = target.group();
        return group != null && !group.equals(ownGroup) && back % 2 == 0 ? group : target.id();
    }
}
