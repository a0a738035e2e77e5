package io.multistatus.demo;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prints each batch as the tree of its spans, once it has ended. Thread-safe. */
final class TracePrinter implements SpanExporter {
    private static final String BATCH = "batch";
    private static final int MAX_BATCHES = 1000;

    private final PrintStream out;
    /** By the id of the batch's span; guarded by this. */
    private final Map<String, List<SpanData>> items = new LinkedHashMap<>();

    TracePrinter(PrintStream out) {
        this.out = out;
    }

    /** What traces with this in place of a collector. */
    static OpenTelemetry tracingTo(PrintStream out) {
        return OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(new TracePrinter(out)))
                        .build())
                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                .build();
    }

    @Override
    public synchronized CompletableResultCode export(Collection<SpanData> spans) {
        for (SpanData span : spans) {
            if (span.getName().equals(BATCH)) {
                List<SpanData> below = items.remove(span.getSpanId());
                out.print(tree(span, below == null ? List.of() : below));
                out.flush();
            } else {
                items.computeIfAbsent(batchOf(span), id -> new ArrayList<>()).add(span);
                if (items.size() > MAX_BATCHES) {
                    items.remove(items.keySet().iterator().next());
                }
            }
        }
        return CompletableResultCode.ofSuccess();
    }

    /** Its parent, unless its client traces it by itself: then the batch is linked. */
    private static String batchOf(SpanData item) {
        return item.getLinks().isEmpty()
                ? item.getParentSpanId()
                : item.getLinks().get(0).getSpanContext().getSpanId();
    }

    private static String tree(SpanData batch, List<SpanData> below) {
        StringBuilder tree = new StringBuilder();
        tree.append("trace %s  span %s  batch  %d items, %d failed  %s%n"
                .formatted(
                        batch.getTraceId(),
                        batch.getSpanId(),
                        number(batch, "multistatus.batch.items"),
                        number(batch, "multistatus.batch.failed"),
                        duration(batch)));
        below.stream()
                .sorted(Comparator.comparing(span -> number(span, "multistatus.item.index")))
                .forEach(item -> tree.append("  span %s  %s %s  %d%s  %s%n"
                        .formatted(
                                item.getSpanId(),
                                item.getName(),
                                text(item, "multistatus.item.id"),
                                number(item, "http.response.status_code"),
                                error(item),
                                duration(item))));
        return tree.toString();
    }

    private static String error(SpanData item) {
        String error = text(item, "error.type");
        return error.isEmpty() || error.equals(Long.toString(number(item, "http.response.status_code")))
                ? ""
                : " " + error;
    }

    private static String duration(SpanData span) {
        return Duration.ofNanos(span.getEndEpochNanos() - span.getStartEpochNanos())
                        .toMillis() + " ms";
    }

    private static String text(SpanData span, String name) {
        String value = span.getAttributes().get(AttributeKey.stringKey(name));
        return value == null ? "" : value;
    }

    private static long number(SpanData span, String name) {
        Long value = span.getAttributes().get(AttributeKey.longKey(name));
        return value == null ? 0 : value;
    }

    @Override
    public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }
}
