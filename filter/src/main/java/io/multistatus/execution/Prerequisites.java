package io.multistatus.execution;

import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What has to have succeeded before an item may run, and what an item is told that will not run for want of it. Belongs to the
 * lock of the {@link RunState} whose answers it reads.
 */
final class Prerequisites {
    private final List<Subrequest> items;
    private final ExecutionPlan plan;
    private final ItemAnswers answers;

    /**
     * Those of {@code items}.
     *
     * @param answers those so far, as they come in
     */
    Prerequisites(List<Subrequest> items, ExecutionPlan plan, ItemAnswers answers) {
        this.items = items;
        this.plan = plan;
        this.answers = answers;
    }

    /** Why an item, or the items of the group that it begins, will not run: one problem for each, or none at all. */
    List<Problem> unmet(int begin) {
        Optional<AtomicGroup> group = plan.group(begin);
        if (group.isEmpty()) {
            Problem reason = unmetByItself(begin);
            return reason == null ? List.of() : List.of(reason);
        }
        int end = group.get().end();
        for (int culprit = begin; culprit < end; culprit++) {
            Problem reason = unmetByItself(culprit);
            if (reason != null) {
                List<Problem> all = new ArrayList<>();
                for (int i = begin; i < end; i++) {
                    Problem own = unmetByItself(i);
                    all.add(own == null ? GroupProblems.notRun(group.get(), items.get(culprit), reason.status()) : own);
                }
                return all;
            }
        }
        return List.of();
    }

    /** Why an item will not run, its group aside; null if nothing speaks against it. */
    @Nullable
    Problem unmetByItself(int item) {
        for (int dependency : plan.dependencies(item)) {
            Subresponse response = answers.find(dependency);
            if (response != null && response.failed()) {
                String label = items.get(dependency).label();
                String culprit = culprit(response).orElse(label);
                return Problem.of(424, "failed-dependency", "An item that this one depends on has failed")
                        .detail("Item '" + items.get(item).label() + "' depends on '" + label + "', which ended with "
                                + response.status()
                                + (culprit.equals(label) ? "" : ", because '" + culprit + "' failed")
                                + "; it has not run")
                        .with("dependency", label)
                        .with("culprit", culprit);
            }
        }
        return null;
    }

    /** The item that failed in the first place, if that is another one than the one that {@code response} is about. */
    private static Optional<String> culprit(Subresponse response) {
        Problem problem = response.problem();
        return problem == null
                ? Optional.empty()
                : Optional.ofNullable(problem.members().get("culprit")).map(Object::toString);
    }
}
