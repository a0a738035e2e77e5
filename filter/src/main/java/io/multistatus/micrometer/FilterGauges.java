package io.multistatus.micrometer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.multistatus.event.FilterState;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The gauges of one registry: of all filters that are measured there together, as counters are. They are there from the first
 * filter's start to the last one's stop. Thread-safe.
 */
final class FilterGauges {
    private static final IdentityHashMap<MeterRegistry, FilterGauges> ALL = new IdentityHashMap<>();

    // Guarded by this.
    private final IdentityHashMap<FilterState, AtomicLong> filters = new IdentityHashMap<>();
    private final List<Meter> gauges = new ArrayList<>();

    private FilterGauges() {}

    /**
     * A filter has started.
     *
     * @param runningItems how many items the listener knows to be running, of this filter and of others it listens to
     */
    static void add(MeterRegistry registry, FilterState filter, AtomicLong runningItems) {
        synchronized (ALL) {
            FilterGauges gauges = ALL.computeIfAbsent(registry, each -> new FilterGauges());
            synchronized (gauges) {
                gauges.filters.put(filter, runningItems);
                if (gauges.gauges.isEmpty()) {
                    gauges.register(registry);
                }
            }
        }
    }

    /** A filter has stopped. */
    static void remove(MeterRegistry registry, FilterState filter) {
        synchronized (ALL) {
            FilterGauges gauges = ALL.get(registry);
            if (gauges != null && gauges.removeIsEmpty(filter)) {
                ALL.remove(registry);
                gauges.gauges.forEach(registry::remove);
            }
        }
    }

    private synchronized boolean removeIsEmpty(FilterState filter) {
        filters.remove(filter);
        return filters.isEmpty();
    }

    private void register(MeterRegistry registry) {
        gauge(
                registry,
                MicrometerListener.BATCHES_LIVE,
                null,
                "Batches that are being run or answered",
                FilterState::liveBatches);
        gauges.add(Gauge.builder(MicrometerListener.ITEMS_RUNNING, this, FilterGauges::runningItems)
                .description("Items that have been dispatched and have no answer yet")
                .register(registry));
        gauge(
                registry,
                MicrometerListener.BUFFERED_BYTES,
                "bytes",
                "Bytes of requests and answers that batches hold",
                FilterState::bufferedBytes);
        gauge(
                registry,
                MicrometerListener.BUFFERED_BYTES_MAX,
                "bytes",
                "Bytes that batches may hold (maxBufferedBytes)",
                FilterState::maxBufferedBytes);
        gauge(
                registry,
                MicrometerListener.ITEMS_ABANDONED,
                null,
                "Items that have been given up while their handlers hold a thread",
                FilterState::abandonedItems);
        gauge(
                registry,
                MicrometerListener.ITEMS_ABANDONED_MAX,
                null,
                "Those at which batches are refused (maxAbandoned)",
                FilterState::maxAbandonedItems);
        gauge(registry, MicrometerListener.JOBS_QUEUED, null, "Jobs that wait", FilterState::queuedJobs);
        gauge(
                registry,
                MicrometerListener.JOBS_QUEUED_MAX,
                null,
                "Jobs that may wait (maxQueuedJobs)",
                FilterState::maxQueuedJobs);
        gauge(registry, MicrometerListener.JOBS_RUNNING, null, "Jobs that run", FilterState::runningJobs);
        gauge(
                registry,
                MicrometerListener.JOBS_RUNNING_MAX,
                null,
                "Jobs that may run at once (maxRunningJobs)",
                FilterState::maxRunningJobs);
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            @Nullable String unit,
            String description,
            ToLongFunction<FilterState> value) {
        ToDoubleFunction<FilterGauges> sum = all -> all.sum(value);
        gauges.add(Gauge.builder(name, this, sum)
                .baseUnit(unit)
                .description(description)
                .register(registry));
    }

    private synchronized double sum(ToLongFunction<FilterState> value) {
        return filters.keySet().stream().mapToLong(value).sum();
    }

    private synchronized double runningItems() {
        // One listener may listen to several filters.
        return filters.values().stream().distinct().mapToLong(AtomicLong::get).sum();
    }
}
