package io.multistatus.modes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** What the answers are if the items of a batch run one after another in document order, each when the last is done. */
final class OneAfterAnother {
    private final Notes notes;
    private final boolean stopOnError;
    private final Map<String, Boolean> failed = new HashMap<>();
    private boolean stopped;

    private OneAfterAnother(Notes notes, boolean stopOnError) {
        this.notes = notes;
        this.stopOnError = stopOnError;
    }

    static List<Notes.Answer> answers(List<Operation> batch, Notes notes, boolean stopOnError) {
        OneAfterAnother run = new OneAfterAnother(notes, stopOnError);
        List<Notes.Answer> answers = new ArrayList<>();
        int first = 0;
        while (first < batch.size()) {
            int end = endOfGroup(batch, first);
            answers.addAll(run.together(batch.subList(first, end)));
            first = end;
        }
        return answers;
    }

    private static int endOfGroup(List<Operation> batch, int first) {
        String group = batch.get(first).group();
        int end = first + 1;
        while (group != null
                && end < batch.size()
                && group.equals(batch.get(end).group())) {
            end++;
        }
        return end;
    }

    /** A group, or an item that is in none. */
    private List<Notes.Answer> together(List<Operation> group) {
        boolean atomic = group.size() > 1 && !group.stream().allMatch(Operation::isSafe);
        SortedMap<Integer, String> before = notes.all();
        List<Notes.Answer> answers = new ArrayList<>();
        boolean broken = atomic && group.stream().anyMatch(operation -> dependsOnFailure(operation, group));
        for (Operation operation : group) {
            Notes.Answer answer = broken || stopped || dependsOnFailure(operation, List.of())
                    ? Notes.Answer.FAILED_DEPENDENCY
                    : run(operation);
            broken |= atomic && answer.failed();
            stopped |= stopOnError && answer.failed();
            answers.add(answer);
            failed.put(operation.id(), answer.failed());
        }
        if (broken) {
            notes.restore(before);
            answers.replaceAll(answer -> answer.failed() ? answer : Notes.Answer.FAILED_DEPENDENCY);
        }
        if (group.get(0).group() != null) {
            failed.put(group.get(0).group(), answers.stream().anyMatch(Notes.Answer::failed));
        }
        for (int i = 0; i < group.size(); i++) {
            failed.put(group.get(i).id(), answers.get(i).failed());
        }
        return answers;
    }

    private Notes.Answer run(Operation operation) {
        return notes.apply(operation.kind(), operation.note(), operation.id());
    }

    /** Whether something that it depends on has failed, apart from what is in {@code group}. */
    private boolean dependsOnFailure(Operation operation, List<Operation> group) {
        return operation.dependsOn().stream()
                .filter(name -> group.stream().noneMatch(member -> member.id().equals(name)))
                .anyMatch(failed::get);
    }
}
