package io.multistatus.execution;

import io.multistatus.event.BatchListener;
import io.multistatus.event.ItemEvent;
import io.multistatus.event.ItemScope;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The item that a thread is at work for, from where it enters the host's code until it leaves it. One may be inside
 * another: a container may finish an item on the thread that is in another one. To be closed by the thread that entered.
 */
public final class CurrentItem implements AutoCloseable {
    private static final ThreadLocal<@Nullable CurrentItem> OF_THREAD = new ThreadLocal<>();

    private final BatchListener listener;
    private final ItemEvent item;
    private final ItemScope scope;
    private final @Nullable CurrentItem outer;

    private CurrentItem(BatchListener listener, ItemEvent item) {
        this.listener = listener;
        this.item = item;
        this.outer = OF_THREAD.get();
        OF_THREAD.set(this);
        this.scope = listener.enterItem(item);
    }

    /** This thread is about to run code of the host for an item. */
    static CurrentItem enter(BatchListener listener, ItemEvent item) {
        return new CurrentItem(listener, item);
    }

    /** That of this thread. */
    public static Optional<CurrentItem> ofThread() {
        return Optional.ofNullable(OF_THREAD.get());
    }

    /** This thread is about to run code of the host for the same item, maybe after another thread has. */
    public CurrentItem enterAgain() {
        return new CurrentItem(listener, item);
    }

    @Override
    public void close() {
        if (outer == null) {
            OF_THREAD.remove();
        } else {
            OF_THREAD.set(outer);
        }
        scope.close();
    }
}
