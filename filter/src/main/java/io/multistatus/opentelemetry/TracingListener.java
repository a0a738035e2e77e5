package io.multistatus.opentelemetry;

import io.multistatus.event.BatchEvent;
import io.multistatus.event.BatchListener;
import io.multistatus.event.ItemEvent;
import io.multistatus.event.ItemScope;
import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Traces batches with OpenTelemetry: a span for the batch and one below it for each item, which is the current one while anybody works
 * for the item, and which the item's request names in its {@code traceparent}. Needs {@code io.opentelemetry:opentelemetry-api} on
 * the class path. Thread-safe.
 *
 * <p>The batch's span is a child of the current one, and where none is, of what the batch's fields say. An item that has a
 * {@code traceparent} of its own is a child of that, with a link to the batch. Items that never ran have a span without duration.
 * All spans are of the kind INTERNAL: nothing leaves the process, and a client's span would make an error of each 404. In error are
 * items with 500 or above, and those that the endpoint or another listener has answered with a problem.
 */
public final class TracingListener implements BatchListener {
    private static final Logger LOG = LoggerFactory.getLogger(TracingListener.class);
    private static final AtomicBoolean OLD_API = new AtomicBoolean();

    private final Supplier<@Nullable OpenTelemetry> openTelemetry;
    /** By the id of the batch. */
    private final Map<String, BatchTrace> batches = new ConcurrentHashMap<>();
    /** What the spans of waiting jobs will be below. */
    private final Map<String, Context> parents = new ConcurrentHashMap<>();

    /**
     * Traces with {@link GlobalOpenTelemetry}, from when an SDK or an agent is set there; it is looked for at each batch until
     * then. For the init-param {@code tracing}. Traces nothing with an API before 1.57, which cannot be asked.
     */
    public TracingListener() {
        this(TracingListener::global);
    }

    /** Traces with {@code openTelemetry}. */
    public TracingListener(OpenTelemetry openTelemetry) {
        Objects.requireNonNull(openTelemetry, "openTelemetry");
        this.openTelemetry = () -> openTelemetry;
    }

    /** Traces with what {@code openTelemetry} gives when a batch begins; the batch is not traced if that is null. */
    public TracingListener(Supplier<@Nullable OpenTelemetry> openTelemetry) {
        this.openTelemetry = Objects.requireNonNull(openTelemetry, "openTelemetry");
    }

    /** Asking for the global one before it is set would make it one that does nothing, for good. */
    private static @Nullable OpenTelemetry global() {
        try {
            return GlobalOpenTelemetry.isSet() ? GlobalOpenTelemetry.get() : null;
        } catch (NoSuchMethodError e) {
            if (!OLD_API.getAndSet(true)) {
                LOG.info(
                        "Batches are not traced: before version 1.57 the OpenTelemetry API cannot be asked whether it is set;"
                                + " give the filter a TracingListener of its own");
            }
            return null;
        }
    }

    @Override
    public void jobQueued(BatchEvent batch) {
        OpenTelemetry found = openTelemetry.get();
        if (found != null) {
            parents.put(batch.batchId(), BatchTrace.parent(found, batch));
        }
    }

    @Override
    public void jobDropped(BatchEvent batch, Problem why) {
        parents.remove(batch.batchId());
    }

    @Override
    public void batchBegun(BatchEvent batch) {
        Context known = parents.remove(batch.batchId());
        OpenTelemetry found = openTelemetry.get();
        if (found != null) {
            Context parent = known == null ? BatchTrace.parent(found, batch) : known;
            batches.put(batch.batchId(), new BatchTrace(found, parent, batch));
        }
    }

    @Override
    public Headers itemFields(ItemEvent item) {
        BatchTrace trace = trace(item);
        if (trace == null) {
            return Headers.empty();
        }
        try {
            return trace.fields(item);
        } catch (RuntimeException e) {
            // An item is worth more than its trace.
            LOG.warn(
                    "The trace of item '{}' could not be passed on",
                    item.request().label(),
                    e);
            return Headers.empty();
        }
    }

    /**
     * Makes the item's span current, or none if it has none: of what is current for the batch's request nothing stays, or an agent
     * would take the item's request for a part of it. What it makes current is closed by whoever gets the scope.
     */
    @Override
    @SuppressWarnings("MustBeClosedChecker")
    public ItemScope enterItem(ItemEvent item) {
        ItemSpan span = span(item);
        Context context = span == null ? Context.root() : span.context();
        Scope scope = context.makeCurrent();
        return scope::close;
    }

    @Override
    public void itemTimedOut(ItemEvent item, Duration limit) {
        ItemSpan span = span(item);
        if (span != null) {
            span.timedOut(limit);
        }
    }

    @Override
    public void itemPostponed(ItemEvent item, Subresponse response, Duration delay) {
        ItemSpan span = span(item);
        if (span != null) {
            span.postponed(response, delay);
        }
    }

    @Override
    public void itemEnded(ItemEvent item, Subresponse response, Duration duration) {
        BatchTrace trace = trace(item);
        if (trace != null) {
            trace.itemEnded(item, response, !duration.isZero());
        }
    }

    @Override
    public void batchEnded(BatchEvent batch, Summary summary, Duration duration) {
        BatchTrace trace = batches.remove(batch.batchId());
        if (trace != null) {
            trace.end(summary);
        }
    }

    private @Nullable BatchTrace trace(ItemEvent item) {
        return batches.get(item.batch().batchId());
    }

    private @Nullable ItemSpan span(ItemEvent item) {
        BatchTrace trace = trace(item);
        return trace == null ? null : trace.item(item);
    }
}
