package io.multistatus.opentelemetry;

import io.multistatus.event.BatchEvent;
import io.multistatus.event.ItemEvent;
import io.multistatus.model.Headers;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The spans of one batch. Thread-safe. */
final class BatchTrace {
    private static final String SCOPE = "io.multistatus";
    private static final AttributeKey<String> ID = AttributeKey.stringKey("multistatus.batch.id");
    private static final AttributeKey<Long> ITEMS = AttributeKey.longKey("multistatus.batch.items");
    private static final AttributeKey<String> FORMAT = AttributeKey.stringKey("multistatus.batch.format");
    private static final AttributeKey<Boolean> JOB = AttributeKey.booleanKey("multistatus.batch.job");
    private static final AttributeKey<Long> FAILED = AttributeKey.longKey("multistatus.batch.failed");

    /** In the place of a span: the item has ended, and none begins any more. */
    private static final ItemSpan OVER = new ItemSpan(Span.getInvalid(), Context.root());

    private final Tracer tracer;
    private final TextMapPropagator propagator;
    private final Span span;
    private final Context context;
    private final AtomicReferenceArray<@Nullable ItemSpan> items;

    /** Begins, below the span of {@code parent}, as {@link #parent} has found it. */
    BatchTrace(OpenTelemetry openTelemetry, Context parent, BatchEvent batch) {
        tracer = openTelemetry.getTracer(SCOPE);
        propagator = openTelemetry.getPropagators().getTextMapPropagator();
        span = tracer.spanBuilder("batch")
                .setSpanKind(SpanKind.INTERNAL)
                .setParent(parent)
                .setAttribute(ID, batch.batchId())
                .setAttribute(ITEMS, (long) batch.items())
                .setAttribute(FORMAT, batch.format())
                .setAttribute(JOB, batch.job())
                .startSpan();
        context = parent.with(span);
        items = new AtomicReferenceArray<>(batch.items());
    }

    /** The span that is current on the thread of the batch's request, or else the one that its client names; and the baggage. */
    static Context parent(OpenTelemetry openTelemetry, BatchEvent batch) {
        Context current = Context.current();
        Context known = Span.fromContext(current).getSpanContext().isValid()
                ? current
                : openTelemetry
                        .getPropagators()
                        .getTextMapPropagator()
                        .extract(current, batch.headers(), Carriers.READER);
        // Nothing else: an agent would take the requests of items for parts of that of the batch.
        return Context.root().with(Baggage.fromContext(known)).with(Span.fromContext(known));
    }

    /** Begins an item's span, unless it has one or has ended, and says by which fields others learn of it. */
    Headers fields(ItemEvent item) {
        ItemSpan known = items.get(item.request().index());
        ItemSpan itemSpan = known == null ? begin(item) : known;
        if (itemSpan.equals(OVER)) {
            return Headers.empty();
        }
        Headers.Builder fields = Headers.builder();
        propagator.inject(itemSpan.context(), fields, Carriers.WRITER);
        Headers injected = fields.build();
        // What is left of another trace would go with this one: the item must not inherit it.
        for (String name : propagator.fields()) {
            boolean inherits = item.batch().headers().contains(name)
                    || item.request().headers().contains(name);
            if (inherits && !injected.contains(name)) {
                fields.add(name, "");
            }
        }
        return fields.build();
    }

    private ItemSpan begin(ItemEvent item) {
        // What the item itself has counts for more than what it inherits.
        Context parent = propagator.extract(context, item.request().headers(), Carriers.READER);
        ItemSpan begun = ItemSpan.start(tracer, item, parent, span);
        int index = item.request().index();
        if (items.compareAndSet(index, null, begun)) {
            return begun;
        }
        // It has ended while it was asked about.
        begun.span().end();
        return OVER;
    }

    /** That of an item that has begun and not ended. */
    @Nullable
    ItemSpan item(ItemEvent item) {
        ItemSpan known = items.get(item.request().index());
        return OVER.equals(known) ? null : known;
    }

    void itemEnded(ItemEvent item, Subresponse answer, boolean dispatched) {
        ItemSpan known = items.getAndSet(item.request().index(), OVER);
        if (OVER.equals(known)) {
            return;
        }
        if (known == null) {
            Context parent = propagator.extract(context, item.request().headers(), Carriers.READER);
            known = ItemSpan.start(tracer, item, parent, span);
        }
        known.end(answer, dispatched);
    }

    /** Ends the batch's span, and those of items that nobody has told the end of. */
    void end(Summary summary) {
        for (int i = 0; i < items.length(); i++) {
            ItemSpan left = items.getAndSet(i, OVER);
            if (left != null && !left.equals(OVER)) {
                left.span().end();
            }
        }
        span.setAttribute(FAILED, (long) summary.failed());
        span.end();
    }
}
