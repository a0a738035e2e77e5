package io.multistatus.execution;

import io.multistatus.event.BatchEvent;
import io.multistatus.event.BatchListener;
import io.multistatus.event.ItemEvent;
import io.multistatus.event.ItemScope;
import io.multistatus.model.Subresponse;
import java.time.Duration;
import java.util.function.Consumer;

/** Tells listeners what became of the items of a batch, so that what they log then is said to be of that item. Thread-safe. */
final class ListenerCalls {
    private final BatchListener listener;
    private final BatchEvent batch;
    private final ItemSender sender;

    /** @param sender knows the items as they have been sent */
    ListenerCalls(BatchListener listener, BatchEvent batch, ItemSender sender) {
        this.listener = listener;
        this.batch = batch;
        this.sender = sender;
    }

    void timedOut(int index, Duration limit) {
        tell(index, item -> listener.itemTimedOut(item, limit));
    }

    void postponed(int index, Subresponse response, Duration delay) {
        tell(index, item -> listener.itemPostponed(item, response, delay));
    }

    /** @param duration since it was dispatched; zero if it never was */
    void ended(int index, Subresponse response, Duration duration) {
        tell(index, item -> {
            if (response.failed()) {
                listener.itemFailed(item, response);
            }
            listener.itemEnded(item, response, duration);
        });
    }

    private void tell(int index, Consumer<ItemEvent> call) {
        ItemEvent item = new ItemEvent(batch, sender.item(index));
        ItemScope scope = CurrentItem.toTellOf(item);
        try {
            call.accept(item);
        } finally {
            scope.close();
        }
    }
}
