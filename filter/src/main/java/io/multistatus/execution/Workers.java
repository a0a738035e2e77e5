package io.multistatus.execution;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The threads that have an item's dispatch on their stacks. Belongs to the lock of its {@link RunState}. */
final class Workers {
    private final Set<Worker> workers = new HashSet<>();

    boolean isEmpty() {
        return workers.isEmpty();
    }

    void remove(Worker worker) {
        workers.remove(worker);
    }

    /** A worker takes an item. */
    void take(int item, Worker worker) {
        // Whose handler holds its thread since an earlier try.
        workers.stream().filter(other -> other.item == item).forEach(other -> other.item = Worker.TAKEN_OVER);
        worker.item = item;
        workers.add(worker);
    }

    /** An item has been answered; if its handler does not let the thread go, others do not wait for that. */
    void answered(int item) {
        for (Worker worker : workers) {
            if (worker.item == item && !worker.answered) {
                worker.answered = true;
                worker.answeredAt = System.nanoTime();
            }
        }
    }

    /** Whether an item is on the stack of one, who goes on when it comes back. */
    boolean have(int item) {
        return workers.stream().anyMatch(worker -> worker.item == item);
    }

    /** Gives up on those that hold their thread for longer than {@code graceNanos} after the answer; returns how many. */
    int retireStuck(long graceNanos) {
        int retired = 0;
        for (Worker worker : List.copyOf(workers)) {
            if (worker.answered && System.nanoTime() - worker.answeredAt > graceNanos) {
                worker.retired = true;
                workers.remove(worker);
                retired++;
            }
        }
        return retired;
    }
}
