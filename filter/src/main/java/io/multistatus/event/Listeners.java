package io.multistatus.event;

import io.multistatus.model.Headers;
import io.multistatus.model.HttpSyntax;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several listeners as one that never throws, but for {@link #itemFields}: what one of them throws is logged, and the others are
 * told all the same.
 * Thread-safe as far as they are.
 */
public final class Listeners implements BatchListener {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    /** What says where a request goes to and where it ends. */
    private static final Set<String> FRAMING =
            Set.of("host", "connection", "content-length", "expect", "transfer-encoding", "te", "trailer", "upgrade");

    private final List<BatchListener> listeners;

    /** All of {@code listeners}, told in that order. */
    public Listeners(List<BatchListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    @Override
    public void filterStarted(FilterState state) {
        tellAll(listener -> listener.filterStarted(state));
    }

    @Override
    public void filterStopped(FilterState state) {
        tellAll(listener -> listener.filterStopped(state));
    }

    @Override
    public void jobQueued(BatchEvent batch) {
        tellAll(listener -> listener.jobQueued(batch));
    }

    @Override
    public void jobDropped(BatchEvent batch, Problem why) {
        tellAll(listener -> listener.jobDropped(batch, why));
    }

    @Override
    public void batchBegun(BatchEvent batch) {
        tellAll(listener -> listener.batchBegun(batch));
    }

    @Override
    public void batchRefused(RefusedBatchEvent refused) {
        tellAll(listener -> listener.batchRefused(refused));
    }

    /** The first answer that one of them gives; who comes after it is not asked. */
    @Override
    public Optional<Subresponse> beforeItem(ItemEvent item) {
        for (BatchListener listener : listeners) {
            Optional<Subresponse> answer;
            try {
                answer = Objects.requireNonNull(listener.beforeItem(item), "what beforeItem returns");
            } catch (Throwable e) {
                LOG.error("The batch listener {} failed to decide on an item, which does not run", name(listener), e);
                answer = Optional.of(Subresponse.of(Problem.of(500, "internal-error", "The item could not be run")
                        .detail("Item '" + item.request().label() + "' was not run: what decides on that has failed")));
            }
            if (answer.isPresent()) {
                return answer;
            }
        }
        return Optional.empty();
    }

    @Override
    public void itemRefused(ItemEvent item, Subresponse response) {
        tellAll(listener -> listener.itemRefused(item, response));
    }

    /**
     * Those of all of them; of two with the same name that of the later one.
     *
     * @throws IllegalStateException if one of them fails, or gives what cannot be a field: what a client wrote must not stay in
     *     the place of what the host would have set
     */
    @Override
    public Headers itemFields(ItemEvent item) {
        Headers fields = Headers.empty();
        for (BatchListener listener : listeners) {
            try {
                Headers more = listener.itemFields(item);
                check(more);
                fields = more.size() == 0 ? fields : more.over(fields);
            } catch (Throwable e) {
                throw new IllegalStateException(
                        "The batch listener " + name(listener) + " failed to give an item its fields", e);
            }
        }
        return fields;
    }

    private static void check(Headers fields) {
        fields.forEach((name, value) -> {
            if (!HttpSyntax.isToken(name) || !HttpSyntax.isFieldValue(value)) {
                throw new IllegalArgumentException("no header field: " + Problem.quote(name + ": " + value));
            }
            if (FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("not for listeners to set: " + name);
            }
        });
    }

    /** The scopes of all of them, closed in the opposite order. */
    @Override
    public ItemScope enterItem(ItemEvent item) {
        Deque<ItemScope> scopes = new ArrayDeque<>(listeners.size());
        tellAll(listener -> {
            ItemScope scope = listener.enterItem(item);
            if (scope != ItemScope.NONE) {
                scopes.push(scope);
            }
        });
        return scopes.isEmpty() ? ItemScope.NONE : () -> scopes.forEach(Listeners::close);
    }

    private static void close(ItemScope scope) {
        try {
            scope.close();
        } catch (Throwable e) {
            LOG.warn(
                    "The scope {} of a batch listener could not be closed",
                    scope.getClass().getName(),
                    e);
        }
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
                LOG.warn("The batch listener {} failed", name(listener), e);
            }
        }
    }

    private static String name(BatchListener listener) {
        return listener.getClass().getName();
    }
}
