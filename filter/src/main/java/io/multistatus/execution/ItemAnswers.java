package io.multistatus.execution;

import io.multistatus.model.Subresponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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

    /** None yet, of so many. */
    ItemAnswers(int items) {
        answers = new Subresponse[items];
        missing = items;
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

    /** The client has taken an item's answer. */
    void taken(int item) {
        heldBytes -= bytes(get(item));
    }

    /**
     * Whether there is room for the answers of so many more beside what the client has not taken, if they are as long as the longest.
     * Always for the first one when there is nothing else, or nothing would ever go on.
     */
    boolean leaveRoom(int more, long roomBytes) {
        return (heldBytes == 0 && more == 1) || heldBytes + more * longestBytes <= roomBytes;
    }

    /** Of an item's answer nothing is needed any more but what the {@link io.multistatus.model.Summary} says of it. */
    void forget(int item) {
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
