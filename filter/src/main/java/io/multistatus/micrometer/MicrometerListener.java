package io.multistatus.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.multistatus.event.BatchEvent;
import io.multistatus.event.BatchListener;
import io.multistatus.event.FilterState;
import io.multistatus.event.ItemEvent;
import io.multistatus.event.RefusedBatchEvent;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Measures batches and items with Micrometer. No tag has a value that a client could make up. Histograms and percentiles are left
 * to the registry's own configuration. Needs {@code io.micrometer:micrometer-core} on the class path. Thread-safe.
 *
 * <p>Several filters may be measured in one registry, by one listener or by one each: meters count for all of them together.
 */
public final class MicrometerListener implements BatchListener {
    /** Timer: from where a batch begins to run to where all its items have answers. Tags {@code format}, {@code job}. */
    public static final String BATCH_DURATION = "multistatus.batch.duration";
    /** Distribution: items of a batch. Tags as {@link #BATCH_DURATION}. */
    public static final String BATCH_ITEMS = "multistatus.batch.items";
    /** Distribution: bytes of the body of a batch. Tags as {@link #BATCH_DURATION}. */
    public static final String BATCH_BYTES = "multistatus.batch.bytes";
    /** Counter: batches that were refused as a whole. Tags {@code problem}, {@code setting}. */
    public static final String BATCHES_REFUSED = "multistatus.batches.refused";
    /** Gauge: batches that are being run or answered. */
    public static final String BATCHES_LIVE = "multistatus.batches.live";
    /** Counter: items that have their answers. Tags {@code status}, {@code by}, {@code problem}, {@code setting}. */
    public static final String ITEMS = "multistatus.items";
    /** Timer: an item that was dispatched, to its answer. Tag {@code status}. */
    public static final String ITEM_DURATION = "multistatus.item.duration";
    /** Distribution: bytes of the body of an item's answer. Tag {@code status}. */
    public static final String ITEM_RESPONSE_BYTES = "multistatus.item.response.bytes";
    /** Counter: items whose answer was a stored one, because of their {@code Idempotency-Key}. */
    public static final String ITEMS_REPLAYED = "multistatus.items.replayed";
    /** Counter: tries of items of jobs that are followed by another. */
    public static final String ITEMS_RETRIED = "multistatus.items.retried";
    /** Gauge: items that have been dispatched and have no answer yet. */
    public static final String ITEMS_RUNNING = "multistatus.items.running";
    /** Gauge: items that have been given up while their handlers hold a thread. */
    public static final String ITEMS_ABANDONED = "multistatus.items.abandoned";
    /** Gauge: as many as there may be of those. */
    public static final String ITEMS_ABANDONED_MAX = "multistatus.items.abandoned.max";
    /** Gauge: bytes of requests and answers that batches hold. */
    public static final String BUFFERED_BYTES = "multistatus.buffered.bytes";
    /** Gauge: bytes that they may hold. */
    public static final String BUFFERED_BYTES_MAX = "multistatus.buffered.max.bytes";
    /** Gauge: jobs that wait. */
    public static final String JOBS_QUEUED = "multistatus.jobs.queued";
    /** Gauge: jobs that may wait. */
    public static final String JOBS_QUEUED_MAX = "multistatus.jobs.queued.max";
    /** Gauge: jobs that run. */
    public static final String JOBS_RUNNING = "multistatus.jobs.running";
    /** Gauge: jobs that may run at once. */
    public static final String JOBS_RUNNING_MAX = "multistatus.jobs.running.max";
    /** Counter: jobs that ended before their turn. Tag {@code problem}. */
    public static final String JOBS_DROPPED = "multistatus.jobs.dropped";

    private final MeterRegistry registry;
    private final AtomicLong runningItems = new AtomicLong();
    /** By the id of the batch. */
    private final Map<String, ItemStages> batches = new ConcurrentHashMap<>();

    /** Measures in {@link Metrics#globalRegistry}; for the init-param {@code listeners}. */
    public MicrometerListener() {
        this(Metrics.globalRegistry);
    }

    /** Measures in {@code registry}. */
    public MicrometerListener(MeterRegistry registry) {
        this.registry = Objects.requireNonNull(registry, "registry");
    }

    @Override
    public void filterStarted(FilterState state) {
        FilterGauges.add(registry, state, runningItems);
        // From zero on, or the first would be no increase.
        replayed();
        retried();
        KnownValues.OF_BATCHES.forEach(limit -> refused(limit.problem(), limit.setting()));
        KnownValues.OF_ITEMS.forEach(limit -> items("5xx", "endpoint", limit.problem(), limit.setting()));
        KnownValues.DROPPED.forEach(this::dropped);
    }

    @Override
    public void filterStopped(FilterState state) {
        FilterGauges.remove(registry, state);
    }

    @Override
    public void batchBegun(BatchEvent batch) {
        batches.put(batch.batchId(), new ItemStages(batch.items()));
        DistributionSummary.builder(BATCH_ITEMS)
                .description("Items of a batch")
                .baseUnit("items")
                .tags(tags(batch))
                .register(registry)
                .record(batch.items());
        DistributionSummary.builder(BATCH_BYTES)
                .description("Bytes of the body of a batch")
                .baseUnit("bytes")
                .tags(tags(batch))
                .register(registry)
                .record((double) batch.bytes());
    }

    private static Tags tags(BatchEvent batch) {
        return Tags.of("format", KnownValues.format(batch.format()), "job", Boolean.toString(batch.job()));
    }

    @Override
    public void batchRefused(RefusedBatchEvent refused) {
        Problem problem = refused.problem();
        refused(KnownValues.problem(problem), KnownValues.setting(problem)).increment();
    }

    private Counter refused(String problem, String setting) {
        return Counter.builder(BATCHES_REFUSED)
                .description("Batches that were refused as a whole")
                .tags("problem", problem, "setting", setting)
                .register(registry);
    }

    @Override
    public void jobDropped(BatchEvent batch, Problem why) {
        dropped(KnownValues.problem(why)).increment();
    }

    private Counter dropped(String problem) {
        return Counter.builder(JOBS_DROPPED)
                .description("Jobs that ended before their turn")
                .tag("problem", problem)
                .register(registry);
    }

    @Override
    public void itemRefused(ItemEvent item, Subresponse response) {
        ItemStages stages = stages(item);
        if (stages != null) {
            stages.refused(item.request().index());
        }
    }

    @Override
    public void itemBegun(ItemEvent item) {
        ItemStages stages = stages(item);
        if (stages != null && stages.begun(item.request().index())) {
            runningItems.incrementAndGet();
        }
    }

    @Override
    public void itemPostponed(ItemEvent item, Subresponse response, Duration delay) {
        ItemStages stages = stages(item);
        if (stages != null && stages.postponed(item.request().index())) {
            runningItems.decrementAndGet();
        }
        retried().increment();
    }

    @Override
    public void itemEnded(ItemEvent item, Subresponse response, Duration duration) {
        ItemStages stages = stages(item);
        ItemStages.End end = stages == null
                ? new ItemStages.End(false, false)
                : stages.ended(item.request().index());
        if (end.running()) {
            runningItems.decrementAndGet();
        }
        count(response, end.refused());
        String status = KnownValues.statusClass(response);
        if (!duration.isZero()) {
            Timer.builder(ITEM_DURATION)
                    .description("Items that were dispatched, to their answers")
                    .tags("status", status)
                    .register(registry)
                    .record(duration);
        }
        DistributionSummary.builder(ITEM_RESPONSE_BYTES)
                .description("Bytes of the body of an item's answer")
                .baseUnit("bytes")
                .tags("status", status)
                .register(registry)
                .record(response.body().remaining());
        if (response.replayed()) {
            replayed().increment();
        }
    }

    private void count(Subresponse response, boolean byListener) {
        Problem problem = response.problem();
        items(
                        KnownValues.statusClass(response),
                        byListener ? "listener" : problem == null ? "host" : "endpoint",
                        problem == null ? KnownValues.NONE : KnownValues.problem(problem),
                        problem == null ? KnownValues.NONE : KnownValues.setting(problem))
                .increment();
    }

    private Counter items(String status, String by, String problem, String setting) {
        return Counter.builder(ITEMS)
                .description("Items that have their answers")
                .tags("status", status, "by", by, "problem", problem, "setting", setting)
                .register(registry);
    }

    @Override
    public void batchEnded(BatchEvent batch, Summary summary, Duration duration) {
        ItemStages stages = batches.remove(batch.batchId());
        if (stages != null) {
            runningItems.addAndGet(-stages.endAll());
        }
        Timer.builder(BATCH_DURATION)
                .description("Batches, to the answer of their last item")
                .tags(tags(batch))
                .register(registry)
                .record(duration);
    }

    private Counter replayed() {
        return Counter.builder(ITEMS_REPLAYED)
                .description("Items whose answer was a stored one")
                .register(registry);
    }

    private Counter retried() {
        return Counter.builder(ITEMS_RETRIED)
                .description("Tries of items of jobs that are followed by another")
                .register(registry);
    }

    private @Nullable ItemStages stages(ItemEvent item) {
        return batches.get(item.batch().batchId());
    }
}
