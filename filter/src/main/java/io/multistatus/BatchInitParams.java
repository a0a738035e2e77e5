package io.multistatus;

import io.multistatus.execution.ExecutionMode;
import jakarta.servlet.FilterConfig;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The init-params of the {@link BatchFilter}. */
final class BatchInitParams {
    private static final InitParams<BatchConfigBuilder> ALL = new InitParams<>(List.of(
            new InitParam<>("path", Function.identity(), BatchConfigBuilder::path),
            new InitParam<>("odataPath", Function.identity(), BatchConfigBuilder::odataPath),
            new InitParam<>("odataStatus", ParamText::integer, BatchConfigBuilder::odataStatus),
            new InitParam<>("module", ParamText::bool, BatchConfigBuilder::module),
            new InitParam<>("urlBase", Function.identity(), BatchConfigBuilder::urlBase),
            new InitParam<>("multiStatus", ParamText.oneOf(MultiStatus.class), BatchConfigBuilder::multiStatus),
            new InitParam<>("status200UserAgents", Function.identity(), BatchConfigBuilder::status200UserAgents),
            new InitParam<>("deniedHeaders", ParamText::list, BatchConfigBuilder::deniedHeaders),
            new InitParam<>("allowedHeaders", ParamText::list, BatchConfigBuilder::allowedHeaders),
            new InitParam<>("allowedOrigins", ParamText::list, BatchConfigBuilder::allowedOrigins),
            new InitParam<>("execution", ParamText.oneOf(ExecutionMode.class), BatchConfigBuilder::execution),
            new InitParam<>("maxRequests", ParamText::integer, BatchConfigBuilder::maxRequests),
            new InitParam<>("maxBatchBytes", ParamText::size, BatchConfigBuilder::maxBatchBytes),
            new InitParam<>("maxResponseBytes", ParamText::size, BatchConfigBuilder::maxResponseBytes),
            new InitParam<>("maxEnvelopeBytes", ParamText::size, BatchConfigBuilder::maxEnvelopeBytes),
            new InitParam<>("maxBufferedBytes", ParamText::size, BatchConfigBuilder::maxBufferedBytes),
            new InitParam<>("itemTimeout", ParamText::duration, BatchConfigBuilder::itemTimeout),
            new InitParam<>("batchTimeout", ParamText::duration, BatchConfigBuilder::batchTimeout),
            new InitParam<>("maxConcurrency", ParamText::integer, BatchConfigBuilder::maxConcurrency),
            new InitParam<>("maxDepth", Function.identity(), BatchConfigBuilder::maxDepth),
            new InitParam<>("allow", ParamText::list, BatchConfigBuilder::allow),
            new InitParam<>("deny", ParamText::list, BatchConfigBuilder::deny),
            new InitParam<>("atomicity", ParamText.oneOf(AtomicityChoice.class), BatchConfigBuilder::atomicity),
            new InitParam<>("dispatcher", ParamText.oneOf(DispatcherChoice.class), BatchConfigBuilder::dispatcher),
            new InitParam<>("loopbackUrl", Function.identity(), BatchConfigBuilder::loopbackUrl),
            new InitParam<>("forwardAllow", ParamText::list, BatchConfigBuilder::forwardAllow),
            new InitParam<>("threads", ParamText::integer, BatchConfigBuilder::threads),
            new InitParam<>("virtualThreads", ParamText::bool, BatchConfigBuilder::virtualThreads),
            new InitParam<>("maxAbandoned", ParamText::integer, BatchConfigBuilder::maxAbandoned),
            new InitParam<>("jobs", ParamText::bool, job(JobConfig.Builder::enabled)),
            new InitParam<>("jobTimeout", ParamText::duration, job(JobConfig.Builder::timeout)),
            new InitParam<>("jobTtl", ParamText::duration, job(JobConfig.Builder::ttl)),
            new InitParam<>("jobRetries", ParamText::integer, job(JobConfig.Builder::retries)),
            new InitParam<>("maxRunningJobs", ParamText::integer, job(JobConfig.Builder::maxRunning)),
            new InitParam<>("maxQueuedJobs", ParamText::integer, job(JobConfig.Builder::maxQueued)),
            new InitParam<>("maxJobs", ParamText::integer, job(JobConfig.Builder::maxJobs)),
            new InitParam<>("maxJobBytes", ParamText::size, job(JobConfig.Builder::maxBytes)),
            new InitParam<>("jobGrace", ParamText::duration, job(JobConfig.Builder::grace)),
            new InitParam<>("jobDataSource", Function.identity(), job(JobConfig.Builder::dataSourceName)),
            new InitParam<>("jobTable", Function.identity(), job(JobConfig.Builder::table)),
            new InitParam<>("createJobTable", ParamText::bool, job(JobConfig.Builder::createTable)),
            new InitParam<>("jobLease", ParamText::duration, job(JobConfig.Builder::lease)),
            new InitParam<>("tracing", ParamText.oneOf(TracingChoice.class), BatchConfigBuilder::tracing),
            new InitParam<>(
                    "listeners",
                    ListenerClasses::instantiate,
                    (builder, listeners) -> listeners.forEach(builder::listener))));

    private BatchInitParams() {}

    private static <T> BiConsumer<BatchConfigBuilder, T> job(BiConsumer<JobConfig.Builder, T> setter) {
        return (builder, value) -> builder.jobs(jobs -> setter.accept(jobs, value));
    }

    /** Their names, in the order they are documented. */
    static List<String> names() {
        return ALL.names();
    }

    /**
     * What they say, and for the rest what {@code builder} holds.
     *
     * @throws InvalidConfigException if a key is unknown or a value is malformed or impossible; names all of them
     */
    static BatchConfig read(FilterConfig config, BatchConfigBuilder builder) {
        ConfigProblems problems = new ConfigProblems();
        ALL.read(config, builder, problems);
        return builder.build(problems);
    }
}
