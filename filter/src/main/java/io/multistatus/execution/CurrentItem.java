package io.multistatus.execution;

import io.multistatus.event.BatchListener;
import io.multistatus.event.ItemEvent;
import io.multistatus.event.ItemScope;
import io.multistatus.event.LogContext;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The item that a thread is at work for. One may be inside another: a container may finish an item on the thread that is in
 * another one. To be closed by the thread that began.
 */
public final class CurrentItem implements AutoCloseable {
    private static final ThreadLocal<@Nullable CurrentItem> OF_THREAD = new ThreadLocal<>();

    private final BatchListener listener;
    private final ItemEvent item;
    private final @Nullable CurrentItem outer;
    private final ItemScope log;
    private ItemScope host = ItemScope.NONE;

    private CurrentItem(BatchListener listener, ItemEvent item) {
        this.listener = listener;
        this.item = item;
        this.outer = OF_THREAD.get();
        OF_THREAD.set(this);
        this.log = LogContext.enter(item);
    }

    /** This thread begins to work for an item. */
    static CurrentItem begin(BatchListener listener, ItemEvent item) {
        return new CurrentItem(listener, item);
    }

    /** That of this thread. */
    public static Optional<CurrentItem> ofThread() {
        return Optional.ofNullable(OF_THREAD.get());
    }

    /** This thread is about to tell listeners of an item, maybe of another one than that it works for. */
    static ItemScope toTellOf(ItemEvent item) {
        CurrentItem current = OF_THREAD.get();
        boolean same = current != null
                && current.item.batch().batchId().equals(item.batch().batchId())
                && current.item.request().index() == item.request().index();
        return same ? ItemScope.NONE : LogContext.enter(item);
    }

    /** It is about to run code of the host for the item, as which it is left when this is closed. */
    void enterHost() {
        host = listener.enterItem(item);
    }

    /** What lets a thread work for the same item later; holds nothing of this thread's. */
    public Supplier<CurrentItem> toEnterAgain() {
        return again(listener, item);
    }

    /** Does {@code task} as work for the item that this thread works for, on whatever thread. */
    static Runnable handedOver(Runnable task) {
        CurrentItem current = OF_THREAD.get();
        if (current == null) {
            return task;
        }
        Supplier<CurrentItem> again = current.toEnterAgain();
        return () -> {
            CurrentItem entered = again.get();
            try {
                task.run();
            } finally {
                entered.close();
            }
        };
    }

    private static Supplier<CurrentItem> again(BatchListener listener, ItemEvent item) {
        return () -> {
            CurrentItem again = new CurrentItem(listener, item);
            again.enterHost();
            return again;
        };
    }

    @Override
    public void close() {
        if (outer == null) {
            OF_THREAD.remove();
        } else {
            OF_THREAD.set(outer);
        }
        host.close();
        log.close();
    }
}
