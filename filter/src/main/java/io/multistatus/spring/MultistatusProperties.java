package io.multistatus.spring;

import io.multistatus.AtomicityChoice;
import io.multistatus.BatchConfig;
import io.multistatus.BatchConfigBuilder;
import io.multistatus.DispatcherChoice;
import io.multistatus.IdempotencyConfig;
import io.multistatus.IdempotencyFilter;
import io.multistatus.MultiStatus;
import io.multistatus.TracingChoice;
import io.multistatus.execution.ExecutionMode;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The keys of the filter's configuration as properties of the app. What is absent has the filter's default; values are
 * judged by {@link BatchConfig}. The descriptions go into the metadata for IDEs; what makes that looks for the first
 * {@code @param} that begins with a name, so {@code allow} stands before {@code allowedHeaders}.
 *
 * @param enabled Whether the app has a batch endpoint.
 * @param order Where the batch filter stands among the app's filters. The default is behind ForwardedHeaderFilter and
 *     before all others, Spring Security's among them.
 * @param path Where the endpoint is, within the context. Default /batch.
 * @param odataPath Where the endpoint for clients of OData and Microsoft Graph is, within the context. Default none.
 * @param odataStatus Status of what is answered there, 200 or 207. Default 200.
 * @param module Whether the module for browsers is served, at /multistatus/batch.js within the context. Default true.
 * @param urlBase Path that is put before host-absolute URLs of items that do not start with it. Default none.
 * @param multiStatus When the answer's status is 207. Default auto.
 * @param status200UserAgents Regular expression; clients whose User-Agent contains a match get 200 for 207. Default none.
 * @param allow Paths that items may go to, as url-patterns. Default all.
 * @param deny Paths that items may not go to, even if they are allowed, as url-patterns. Default none.
 * @param deniedHeaders Headers that no item may set, besides those that are always refused. Default none.
 * @param allowedHeaders Headers that an item may set although they are refused otherwise. Default none.
 * @param allowedOrigins Origins that may post batches besides the host's own. Default none.
 * @param execution Order in which items run unless the client prefers another. Default ordered.
 * @param maxRequests Most items a batch may have. Default 100.
 * @param maxBatchBytes Longest body a batch may have. Default 10MB, or 1/16 of the heap if less.
 * @param maxResponseBytes Longest body the answer to one item may have. Default 8MB.
 * @param maxEnvelopeBytes Most bytes that the answers of one batch may have together. Default 64MB, or 1/8 of the heap
 *     if less.
 * @param maxBufferedBytes Most bytes that all live batches may hold together. Default 1/4 of the heap.
 * @param itemTimeout How long one item may take. Default 30s.
 * @param batchTimeout How long a batch may take. Default 60s.
 * @param maxConcurrency How many items of one batch may run at once. Default 8.
 * @param maxDepth How deep batches may be nested in batches: always none.
 * @param atomicity What becomes of groups of items that are to take effect together or not at all. Default auto.
 * @param transactionManager Name of the bean whose transactions groups run in. Default the only PlatformTransactionManager,
 *     or the primary one.
 * @param dispatcher Which way items go into the app. Default auto.
 * @param loopbackUrl Where dispatcher=loopback connects to. Default where the batch came in.
 * @param forwardAllow Paths that dispatcher=forward serves, as url-patterns; needed with it.
 * @param threads Most threads that run items beside those that read batches. Default 4 for each processor.
 * @param virtualThreads Whether those threads are virtual. Default true on Java 21 and later.
 * @param maxAbandoned Most items that have timed out while their handler is still running. Default 200.
 * @param jobs Whether batches run as jobs whose clients prefer that. Default true.
 * @param jobTimeout How long a job may run. Default 1h.
 * @param jobTtl How long a job and its result are remembered when it is over. Default 1h.
 * @param jobRetries How often an item of a job is tried again that has failed for now and may be repeated. Default 3.
 * @param maxRunningJobs How many jobs run at once on a node. Default 2.
 * @param maxQueuedJobs How many more may wait. Default 100.
 * @param maxJobs How many jobs are remembered in memory. Default 1000.
 * @param maxJobBytes How much memory they may take. Default 64MB, or 1/16 of the heap if less.
 * @param jobGrace How long running items of jobs may go on when the app stops. Default 10s.
 * @param jobDataSource Name of the DataSource bean whose database remembers jobs in place of the memory. Default none.
 * @param jobTable Name of the table of jobs there. Default multistatus_job.
 * @param createJobTable Whether the tables are made at the start, if they are not there. Default false.
 * @param jobLease How long a node may be silent before its jobs count as interrupted. Default 30s.
 * @param metrics Whether batches are measured, where there is a MeterRegistry. Default true.
 * @param tracing Whether batches are traced, where OpenTelemetry is. Default auto.
 * @param idempotency The filter for requests with an Idempotency-Key.
 */
@ConfigurationProperties(prefix = "multistatus", ignoreUnknownFields = false)
record MultistatusProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("" + DEFAULT_ORDER) int order,
        @Nullable String path,
        @Nullable String odataPath,
        @Nullable Integer odataStatus,
        @Nullable Boolean module,
        @Nullable String urlBase,
        @Nullable MultiStatus multiStatus,
        @Nullable String status200UserAgents,
        @Nullable List<String> allow,
        @Nullable List<String> deny,
        @Nullable List<String> deniedHeaders,
        @Nullable List<String> allowedHeaders,
        @Nullable List<String> allowedOrigins,
        @Nullable ExecutionMode execution,
        @Nullable Integer maxRequests,
        @Nullable DataSize maxBatchBytes,
        @Nullable DataSize maxResponseBytes,
        @Nullable DataSize maxEnvelopeBytes,
        @Nullable DataSize maxBufferedBytes,
        @Nullable Duration itemTimeout,
        @Nullable Duration batchTimeout,
        @Nullable Integer maxConcurrency,
        @Nullable String maxDepth,
        @Nullable AtomicityChoice atomicity,
        @Nullable String transactionManager,
        @Nullable DispatcherChoice dispatcher,
        @Nullable String loopbackUrl,
        @Nullable List<String> forwardAllow,
        @Nullable Integer threads,
        @Nullable Boolean virtualThreads,
        @Nullable Integer maxAbandoned,
        @Nullable Boolean jobs,
        @Nullable Duration jobTimeout,
        @Nullable Duration jobTtl,
        @Nullable Integer jobRetries,
        @Nullable Integer maxRunningJobs,
        @Nullable Integer maxQueuedJobs,
        @Nullable Integer maxJobs,
        @Nullable DataSize maxJobBytes,
        @Nullable Duration jobGrace,
        @Nullable String jobDataSource,
        @Nullable String jobTable,
        @Nullable Boolean createJobTable,
        @Nullable Duration jobLease,
        @DefaultValue("true") boolean metrics,
        @Nullable TracingChoice tracing,
        @DefaultValue Idempotency idempotency) {
    /**
     * {@code Ordered.HIGHEST_PRECEDENCE + 1}: ForwardedHeaderFilter has the highest precedence, and must have been there
     * before, since a batch's Origin is held against the host as it knows it.
     */
    static final int DEFAULT_ORDER = Integer.MIN_VALUE + 1;

    /** The configuration that these properties say, but for what names beans; it judges them when it is built. */
    BatchConfigBuilder toBuilder() {
        BatchConfigBuilder builder = BatchConfig.builder();
        set(path, builder::path);
        set(odataPath, builder::odataPath);
        set(odataStatus, builder::odataStatus);
        set(module, builder::module);
        set(urlBase, builder::urlBase);
        set(multiStatus, builder::multiStatus);
        set(status200UserAgents, builder::status200UserAgents);
        set(deniedHeaders, builder::deniedHeaders);
        set(allowedHeaders, builder::allowedHeaders);
        set(allowedOrigins, builder::allowedOrigins);
        set(execution, builder::execution);
        set(maxRequests, builder::maxRequests);
        set(maxBatchBytes, size -> builder.maxBatchBytes(size.toBytes()));
        set(maxResponseBytes, size -> builder.maxResponseBytes(size.toBytes()));
        set(maxEnvelopeBytes, size -> builder.maxEnvelopeBytes(size.toBytes()));
        set(maxBufferedBytes, size -> builder.maxBufferedBytes(size.toBytes()));
        set(itemTimeout, builder::itemTimeout);
        set(batchTimeout, builder::batchTimeout);
        set(maxConcurrency, builder::maxConcurrency);
        set(maxDepth, builder::maxDepth);
        set(allow, builder::allow);
        set(deny, builder::deny);
        set(atomicity, builder::atomicity);
        set(dispatcher, builder::dispatcher);
        set(loopbackUrl, builder::loopbackUrl);
        set(forwardAllow, builder::forwardAllow);
        set(threads, builder::threads);
        set(virtualThreads, builder::virtualThreads);
        set(maxAbandoned, builder::maxAbandoned);
        set(jobs, value -> builder.jobs(jobs -> jobs.enabled(value)));
        set(jobTimeout, value -> builder.jobs(jobs -> jobs.timeout(value)));
        set(jobTtl, value -> builder.jobs(jobs -> jobs.ttl(value)));
        set(jobRetries, value -> builder.jobs(jobs -> jobs.retries(value)));
        set(maxRunningJobs, value -> builder.jobs(jobs -> jobs.maxRunning(value)));
        set(maxQueuedJobs, value -> builder.jobs(jobs -> jobs.maxQueued(value)));
        set(maxJobs, value -> builder.jobs(jobs -> jobs.maxJobs(value)));
        set(maxJobBytes, value -> builder.jobs(jobs -> jobs.maxBytes(value.toBytes())));
        set(jobGrace, value -> builder.jobs(jobs -> jobs.grace(value)));
        set(jobTable, value -> builder.jobs(jobs -> jobs.table(value)));
        set(createJobTable, value -> builder.jobs(jobs -> jobs.createTable(value)));
        set(tracing, builder::tracing);
        set(jobLease, value -> builder.jobs(jobs -> jobs.lease(value)));
        return builder;
    }

    /** Whether groups run in what the app has for it. */
    boolean isAtomicityLeftToApp() {
        return atomicity == null || atomicity == AtomicityChoice.AUTO;
    }

    private static <T> void set(@Nullable T value, Consumer<T> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }

    /**
     * The keys of the {@link IdempotencyFilter}'s configuration, judged by {@link IdempotencyConfig}.
     *
     * @param enabled Whether requests with an Idempotency-Key run once.
     * @param order Where that filter stands among the app's filters. The default is behind Spring Security, and before those
     *     that have no order.
     * @param ttl How long an answer is kept. Default 24h.
     * @param maxEntries How many answers are kept in memory. Default 100000.
     * @param maxBytes How much memory they may take. Default 64MB, or 1/16 of the heap if less.
     * @param maxResponseBytes Longest body that is kept. Default 1MB.
     * @param credentialHeaders Headers that say who sends a request, where nobody has logged in. Default Authorization and
     *     X-API-Key.
     * @param dataSource Name of the DataSource bean whose database keeps keys and answers in place of the memory. Default none.
     * @param table Name of the table there. Default multistatus_idempotency.
     * @param createTable Whether the table is made at the start, if it is not there. Default false.
     * @param lease How long the key of a request is in use whose process has died. Default 30s.
     * @param transactional Whether answers are kept in the transaction of what handlers do; needs the data source. Default false.
     */
    record Idempotency(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("" + DEFAULT_ORDER) int order,
            @Nullable Duration ttl,
            @Nullable Integer maxEntries,
            @Nullable DataSize maxBytes,
            @Nullable DataSize maxResponseBytes,
            @Nullable List<String> credentialHeaders,
            @Nullable String dataSource,
            @Nullable String table,
            @Nullable Boolean createTable,
            @Nullable Duration lease,
            @Nullable Boolean transactional) {
        /** Spring Security has -100 unless {@code spring.security.filter.order} says otherwise. */
        static final int DEFAULT_ORDER = -99;

        /** The configuration that these properties say, but for what names beans; it judges them when it is built. */
        IdempotencyConfig.Builder toBuilder() {
            IdempotencyConfig.Builder builder = IdempotencyConfig.builder();
            set(ttl, builder::ttl);
            set(maxEntries, builder::maxEntries);
            set(maxBytes, size -> builder.maxBytes(size.toBytes()));
            set(maxResponseBytes, size -> builder.maxResponseBytes(size.toBytes()));
            set(credentialHeaders, builder::credentialHeaders);
            set(table, builder::table);
            set(createTable, builder::createTable);
            set(lease, builder::lease);
            set(transactional, builder::transactional);
            return builder;
        }
    }
}
