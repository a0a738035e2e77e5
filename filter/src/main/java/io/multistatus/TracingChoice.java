package io.multistatus;

/** Whether batches are traced without a listener that is asked to. */
public enum TracingChoice {
    /** By {@link io.multistatus.opentelemetry.TracingListener}, where the OpenTelemetry API is there and an SDK behind it. */
    AUTO,
    /** Not; items inherit the {@code traceparent} of their batch as it came. */
    OFF
}
