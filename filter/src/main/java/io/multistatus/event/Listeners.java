package io.multistatus.event;

import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several listeners as one that never throws: what one of them throws is logged, and the others are told all the same.
 * Thread-safe as far as they are.
 */
public final class Listeners implements BatchListener {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final List<BatchListener> listeners;

    /** All of {@code listeners}, told in that order. */
    public Listeners(List<BatchListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    @Override
    public void batchBegun(BatchEvent batch) {
        tellAll(listener -> listener.batchBegun(batch));
    }

    @Override
    public void batchRefused(Problem problem) {
        tellAll(listener -> listener.batchRefused(problem));
    }

    @Override
    public void itemBegun(ItemEvent item) {
        tellAll(listener -> listener.itemBegun(item));
    }

    @Override
    public void itemTimedOut(ItemEvent item, Duration limit) {
        tellAll(listener -> listener.itemTimedOut(item, limit));
    }

    @Override
    public void itemPostponed(ItemEvent item, Subresponse response, Duration delay) {
        tellAll(listener -> listener.itemPostponed(item, response, delay));
    }

    @Override
    public void itemFailed(ItemEvent item, Subresponse response) {
        tellAll(listener -> listener.itemFailed(item, response));
    }

    @Override
    public void itemEnded(ItemEvent item, Subresponse response, Duration duration) {
        tellAll(listener -> listener.itemEnded(item, response, duration));
    }

    @Override
    public void batchEnded(BatchEvent batch, Summary summary, Duration duration) {
        tellAll(listener -> listener.batchEnded(batch, summary, duration));
    }

    private void tellAll(Consumer<BatchListener> event) {
        for (BatchListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (Throwable e) {
                // Not only what Java lets it throw: listeners in Kotlin or Groovy throw checked exceptions undeclared.
                LOG.warn("The batch listener {} failed", listener.getClass().getName(), e);
            }
        }
    }
}
