package io.multistatus.opentelemetry;

import io.multistatus.event.ItemEvent;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The span of one item, from where its request is made to its answer. Thread-safe.
 *
 * @param context what is current while somebody works for the item
 */
record ItemSpan(Span span, Context context) {
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> METHOD_ORIGINAL = AttributeKey.stringKey("http.request.method_original");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    private static final AttributeKey<String> ID = AttributeKey.stringKey("multistatus.item.id");
    private static final AttributeKey<Long> INDEX = AttributeKey.longKey("multistatus.item.index");
    private static final AttributeKey<Boolean> DISPATCHED = AttributeKey.booleanKey("multistatus.item.dispatched");
    private static final AttributeKey<Long> LIMIT = AttributeKey.longKey("multistatus.limit_ms");
    private static final AttributeKey<Long> DELAY = AttributeKey.longKey("multistatus.delay_ms");

    /** A method may be as long as a batch, and spans stay in memory until they are exported. */
    private static final int LONGEST_METHOD = 64;

    /** Those that OpenTelemetry's conventions call known. */
    private static final Set<String> KNOWN_METHODS =
            Set.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE");

    /**
     * Begins one.
     *
     * @param parent the batch's context, or what the item says of itself
     * @param batch the batch's own span, which is linked if it is not the parent
     */
    static ItemSpan start(Tracer tracer, ItemEvent item, Context parent, Span batch) {
        Subrequest request = item.request();
        boolean known = KNOWN_METHODS.contains(request.method());
        SpanBuilder builder = tracer.spanBuilder(known ? request.method() : "HTTP")
                .setSpanKind(SpanKind.INTERNAL)
                .setParent(parent)
                .setAttribute(METHOD, known ? request.method() : "_OTHER")
                .setAttribute(ID, request.label())
                .setAttribute(INDEX, (long) request.index());
        if (!known) {
            String method = request.method();
            builder.setAttribute(METHOD_ORIGINAL, method.substring(0, Math.min(LONGEST_METHOD, method.length())));
        }
        if (!Span.fromContext(parent).getSpanContext().equals(batch.getSpanContext())) {
            builder.addLink(batch.getSpanContext());
        }
        Span span = builder.startSpan();
        return new ItemSpan(span, parent.with(span));
    }

    void timedOut(Duration limit) {
        span.addEvent("timeout", Attributes.of(LIMIT, limit.toMillis()));
    }

    void postponed(Subresponse answer, Duration delay) {
        span.addEvent("postponed", Attributes.of(STATUS, (long) answer.status(), DELAY, delay.toMillis()));
    }

    void end(Subresponse answer, boolean dispatched) {
        span.setAttribute(STATUS, (long) answer.status());
        span.setAttribute(DISPATCHED, dispatched);
        @Nullable Problem problem = answer.problem();
        if (problem != null) {
            span.setAttribute(ERROR, problem.name());
            span.setStatus(StatusCode.ERROR, problem.title());
        } else if (answer.status() >= 500) {
            span.setAttribute(ERROR, Integer.toString(answer.status()));
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }
}
