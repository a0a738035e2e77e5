package io.multistatus.execution;

import io.multistatus.model.Subresponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The answers of a batch, as they come in. Belongs to the lock of its {@link RunState}. */
final class ItemAnswers {
    private final @Nullable Subresponse[] answers;
    private int missing;
    /** Those that are there but that listeners have not been told of. */
    private int untold;

    private long last = System.nanoTime();
    /** Of those that the client has not taken yet. */
    private long heldBytes;

    private long longestBytes;

    private final ExecutionPlan plan;
    /** For each item how many there are that depend on it and have no answer yet: they may refer to its. */
    private final int[] dependents;

    private final BitSet taken = new BitSet();
    /** Those that nobody has been told of yet. */
    private List<Integer> forgotten = new ArrayList<>();

    /** None yet, of the items of {@code plan}. */
    ItemAnswers(ExecutionPlan plan) {
        this.plan = plan;
        answers = new Subresponse[plan.size()];
        missing = plan.size();
        dependents = new int[plan.size()];
        for (int i = 0; i < plan.size(); i++) {
            for (int dependency : plan.dependencies(i)) {
                dependents[dependency]++;
            }
        }
    }

    /** An item has its answer, its first. */
    void add(int item, Subresponse answer) {
        answers[item] = answer;
        missing--;
        untold++;
        long bytes = bytes(answer);
        heldBytes += bytes;
        longestBytes = Math.max(longestBytes, bytes);
        last = System.nanoTime();
        for (int dependency : plan.dependencies(item)) {
            dependents[dependency]--;
            forgetIfNotNeeded(dependency);
        }
    }

    /** Listeners have been told of so many, or are not waited for any more. */
    void told(int count) {
        untold = Math.max(0, untold - count);
    }

    /** Whether each item has its answer. */
    boolean areThere() {
        return missing == 0;
    }

    /** Whether that is so and listeners have been told of all. */
    boolean areTold() {
        return missing == 0 && untold == 0;
    }

    /** How many listeners should have been told of, all having been there for longer than {@code graceNanos}. */
    int overdue(long graceNanos) {
        return missing == 0 && System.nanoTime() - last > graceNanos ? untold : 0;
    }

    /** The answer of an item, null before it is there. */
    @Nullable
    Subresponse find(int item) {
        return answers[item];
    }

    /** The answer of an item that is done. */
    Subresponse get(int item) {
        return Objects.requireNonNull(answers[item]);
    }

    private static long bytes(Subresponse answer) {
        return answer.body().remaining() + answer.headers().estimatedBytes();
    }

    /** The client has taken an item's answer: it is forgotten, now or when no other item can refer to it any more. */
    void taken(int item) {
        heldBytes -= bytes(get(item));
        taken.set(item);
        forgetIfNotNeeded(item);
    }

    /** The items that have been forgotten since this was asked last. */
    List<Integer> forgotten() {
        List<Integer> news = forgotten;
        forgotten = new ArrayList<>();
        return news;
    }

    /**
     * Whether there is room for the answers of so many more beside what the client has not taken, if they are as long as the longest.
     * Always for the first one when there is nothing else, or nothing would ever go on.
     */
    boolean leaveRoom(int more, long roomBytes) {
        return (heldBytes == 0 && more == 1) || heldBytes + more * longestBytes <= roomBytes;
    }

    /** Then nothing of the answer is needed any more but what the {@link io.multistatus.model.Summary} says of it. */
    private void forgetIfNotNeeded(int item) {
        if (dependents[item] > 0 || !taken.get(item)) {
            return;
        }
        forgotten.add(item);
        Subresponse answer = get(item);
        answers[item] = new Subresponse(
                answer.status(),
                answer.headers().without(name -> !name.equalsIgnoreCase("Retry-After")),
                ByteBuffer.allocate(0),
                answer.problem());
    }

    /**
     * All of them, in the order of the items.
     *
     * @throws IllegalStateException if one is missing
     */
    List<Subresponse> all() {
        if (missing > 0) {
            throw new IllegalStateException(missing + " of " + answers.length + " items have no answer yet");
        }
        List<Subresponse> all = new ArrayList<>(answers.length);
        for (Subresponse answer : answers) {
            all.add(Objects.requireNonNull(answer));
        }
        return all;
    }
}
