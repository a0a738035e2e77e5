package io.multistatus;

import io.multistatus.event.BatchListener;
import io.multistatus.execution.ExecutionMode;
import io.multistatus.transaction.BatchTransaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sets up a {@link BatchConfig}; made by {@link BatchConfig#builder()}. Each method sets the value of its name, in place
 * of its default or of what was set before; values are judged in {@link #build()}. No argument may be null. Not
 * thread-safe.
 */
public final class BatchConfigBuilder {
    private static final long MIB = 1L << 20;

    final Machine machine;
    String path = "/batch";

    @Nullable
    String odataPath;

    int odataStatus = 200;
    boolean module = true;

    @Nullable
    String urlBase;

    MultiStatus multiStatus = MultiStatus.AUTO;

    @Nullable
    String status200UserAgents;

    List<String> deniedHeaders = List.of();
    List<String> allowedHeaders = List.of();
    List<String> allowedOrigins = List.of();
    ExecutionMode execution = ExecutionMode.ORDERED;
    int maxRequests = 100;
    long maxBatchBytes;
    long maxResponseBytes = 8 * MIB;
    long maxEnvelopeBytes;
    long maxBufferedBytes;
    Duration itemTimeout = Duration.ofSeconds(30);
    Duration batchTimeout = Duration.ofSeconds(60);
    int maxConcurrency = 8;
    String maxDepth = "none";
    List<String> allow = List.of("/*");
    List<String> deny = List.of();
    AtomicityChoice atomicity = AtomicityChoice.AUTO;

    @Nullable
    BatchTransaction transaction;

    DispatcherChoice dispatcher = DispatcherChoice.AUTO;

    @Nullable
    String loopbackUrl;

    List<String> forwardAllow = List.of();
    int threads;
    boolean virtualThreads;
    int maxAbandoned = 200;
    TracingChoice tracing = TracingChoice.AUTO;
    final List<BatchListener> listeners = new ArrayList<>();
    final JobConfig.Builder jobs;

    BatchConfigBuilder(Machine machine) {
        this.machine = machine;
        jobs = new JobConfig.Builder(machine);
        maxBatchBytes = Math.min(10 * MIB, machine.maxMemory() / 16);
        maxEnvelopeBytes = Math.min(64 * MIB, machine.maxMemory() / 8);
        maxBufferedBytes = machine.maxMemory() / 4;
        threads = Math.min(4 * machine.processors(), 10_000);
        virtualThreads = machine.hasVirtualThreads();
    }

    /**
     * The configuration.
     *
     * @throws InvalidConfigException if a value is impossible; names all that are
     */
    public BatchConfig build() {
        return build(new ConfigProblems());
    }

    /** The configuration, unless it or what led to it has faults. */
    BatchConfig build(ConfigProblems problems) {
        BatchConfig config = new BatchConfig(this, problems);
        problems.throwIfAny();
        return config;
    }

    /** Where the endpoint is, within the context; begins with a slash, plain segments only. Default {@code /batch}. */
    public BatchConfigBuilder path(String newPath) {
        path = Objects.requireNonNull(newPath, "path");
        return this;
    }

    /**
     * Where the endpoint for clients of OData and Microsoft Graph is, within the context; as {@link #path}, and not the same.
     * Default none.
     */
    public BatchConfigBuilder odataPath(String newPath) {
        odataPath = Objects.requireNonNull(newPath, "odataPath");
        return this;
    }

    /** The status of what is answered there, 200 or 207. Default 200: that is what these clients expect. */
    public BatchConfigBuilder odataStatus(int status) {
        odataStatus = status;
        return this;
    }

    /**
     * Whether the filter answers requests for the module for browsers, {@code /multistatus/batch.js} within the context, and what
     * belongs to it. Default true.
     */
    public BatchConfigBuilder module(boolean served) {
        module = served;
        return this;
    }

    /** A path that is put before host-absolute URLs of items that do not start with it. Default none. */
    public BatchConfigBuilder urlBase(String base) {
        urlBase = Objects.requireNonNull(base, "urlBase");
        return this;
    }

    /** When the answer's status is 207. Default {@link MultiStatus#AUTO}. */
    public BatchConfigBuilder multiStatus(MultiStatus when) {
        multiStatus = Objects.requireNonNull(when, "multiStatus");
        return this;
    }

    /** A regular expression; clients whose {@code User-Agent} contains a match get 200 for 207. Default none. */
    public BatchConfigBuilder status200UserAgents(String expression) {
        status200UserAgents = Objects.requireNonNull(expression, "status200UserAgents");
        return this;
    }

    /** Names of headers that no item may set, besides those always refused; {@code X-Foo-*} for all that begin so. */
    public BatchConfigBuilder deniedHeaders(String... names) {
        return deniedHeaders(List.of(names));
    }

    /** The same as {@link #deniedHeaders(String...)}. */
    public BatchConfigBuilder deniedHeaders(Collection<String> names) {
        deniedHeaders = List.copyOf(names);
        return this;
    }

    /** Names of headers that an item may set although they would be refused otherwise; {@code X-Foo-*} likewise. */
    public BatchConfigBuilder allowedHeaders(String... names) {
        return allowedHeaders(List.of(names));
    }

    /** The same as {@link #allowedHeaders(String...)}. */
    public BatchConfigBuilder allowedHeaders(Collection<String> names) {
        allowedHeaders = List.copyOf(names);
        return this;
    }

    /** Origins, {@code https://host} or {@code https://host:port}, that may post batches besides the host's own. */
    public BatchConfigBuilder allowedOrigins(String... origins) {
        return allowedOrigins(List.of(origins));
    }

    /** The same as {@link #allowedOrigins(String...)}. */
    public BatchConfigBuilder allowedOrigins(Collection<String> origins) {
        allowedOrigins = List.copyOf(origins);
        return this;
    }

    /** In which order items run unless the client prefers another. Default {@link ExecutionMode#ORDERED}. */
    public BatchConfigBuilder execution(ExecutionMode mode) {
        execution = Objects.requireNonNull(mode, "execution");
        return this;
    }

    /** The most items a batch may have, 1 to 1,000,000. Default 100. */
    public BatchConfigBuilder maxRequests(int items) {
        maxRequests = items;
        return this;
    }

    /** The longest body a batch may have, 1 byte to 1 GiB. Default 10 MiB, or a sixteenth of the heap if less. */
    public BatchConfigBuilder maxBatchBytes(long bytes) {
        maxBatchBytes = bytes;
        return this;
    }

    /** The longest body the answer to one item may have, 1 byte to 1 GiB. Default 8 MiB. */
    public BatchConfigBuilder maxResponseBytes(long bytes) {
        maxResponseBytes = bytes;
        return this;
    }

    /** The most bytes of all answers of one batch, at least 1. Default 64 MiB, or an eighth of the heap if less. */
    public BatchConfigBuilder maxEnvelopeBytes(long bytes) {
        maxEnvelopeBytes = bytes;
        return this;
    }

    /** The most bytes that all live batches may hold; room for one largest batch is needed. Default heap / 4. */
    public BatchConfigBuilder maxBufferedBytes(long bytes) {
        maxBufferedBytes = bytes;
        return this;
    }

    /** How long one item may take, 1 ms to 365 days. Default 30 s. */
    public BatchConfigBuilder itemTimeout(Duration limit) {
        itemTimeout = Objects.requireNonNull(limit, "itemTimeout");
        return this;
    }

    /** How long a batch may take, 1 ms to 365 days. Default 60 s. */
    public BatchConfigBuilder batchTimeout(Duration limit) {
        batchTimeout = Objects.requireNonNull(limit, "batchTimeout");
        return this;
    }

    /** How many items of one batch may run at once, 1 to 10,000. Default 8. */
    public BatchConfigBuilder maxConcurrency(int items) {
        maxConcurrency = items;
        return this;
    }

    /** How deep batches may be nested in batches: nothing but {@code none}, which is the default. */
    public BatchConfigBuilder maxDepth(String depth) {
        maxDepth = Objects.requireNonNull(depth, "maxDepth");
        return this;
    }

    /** The only paths that items may go to, as servlet url-patterns. Default all. */
    public BatchConfigBuilder allow(String... patterns) {
        return allow(List.of(patterns));
    }

    /** The same as {@link #allow(String...)}. */
    public BatchConfigBuilder allow(Collection<String> patterns) {
        allow = List.copyOf(patterns);
        return this;
    }

    /** Paths that items may not go to, even if they are allowed, as servlet url-patterns. Default none. */
    public BatchConfigBuilder deny(String... patterns) {
        return deny(List.of(patterns));
    }

    /** The same as {@link #deny(String...)}. */
    public BatchConfigBuilder deny(Collection<String> patterns) {
        deny = List.copyOf(patterns);
        return this;
    }

    /** What becomes of groups that are to take effect together or not at all. Default {@link AtomicityChoice#AUTO}. */
    public BatchConfigBuilder atomicity(AtomicityChoice choice) {
        atomicity = Objects.requireNonNull(choice, "atomicity");
        return this;
    }

    /** What such groups run in; only with {@link AtomicityChoice#AUTO}. Default whatever the app offers. */
    public BatchConfigBuilder transaction(BatchTransaction newTransaction) {
        transaction = Objects.requireNonNull(newTransaction, "transaction");
        return this;
    }

    /** Which way items go into the app. Default {@link DispatcherChoice#AUTO}. */
    public BatchConfigBuilder dispatcher(DispatcherChoice choice) {
        dispatcher = Objects.requireNonNull(choice, "dispatcher");
        return this;
    }

    /** Where {@link DispatcherChoice#LOOPBACK} connects to, {@code http://host:port}. Default where batches come in. */
    public BatchConfigBuilder loopbackUrl(String url) {
        loopbackUrl = Objects.requireNonNull(url, "loopbackUrl");
        return this;
    }

    /** The only paths that {@link DispatcherChoice#FORWARD} serves, as servlet url-patterns; needed there. */
    public BatchConfigBuilder forwardAllow(String... patterns) {
        return forwardAllow(List.of(patterns));
    }

    /** The same as {@link #forwardAllow(String...)}. */
    public BatchConfigBuilder forwardAllow(Collection<String> patterns) {
        forwardAllow = List.copyOf(patterns);
        return this;
    }

    /** The most threads that run items beside those that read batches, 1 to 10,000. Default four a processor. */
    public BatchConfigBuilder threads(int most) {
        threads = most;
        return this;
    }

    /** Whether those threads are virtual, which takes Java 21. Default true where that is. */
    public BatchConfigBuilder virtualThreads(boolean virtual) {
        virtualThreads = virtual;
        return this;
    }

    /** The most timed-out items with a handler still at work before new batches are refused. Default 200. */
    public BatchConfigBuilder maxAbandoned(int items) {
        maxAbandoned = items;
        return this;
    }

    /** Whether batches are traced where the OpenTelemetry API is there and an SDK behind it. Default {@code AUTO}. */
    public BatchConfigBuilder tracing(TracingChoice choice) {
        tracing = Objects.requireNonNull(choice, "choice");
        return this;
    }

    /** Adds one that is told how batches fare. Default none. */
    public BatchConfigBuilder listener(BatchListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    /** Sets up how batches run whose clients do not wait for them: {@code jobs(jobs -> jobs.ttl(...))}. */
    public BatchConfigBuilder jobs(Consumer<JobConfig.Builder> settings) {
        settings.accept(jobs);
        return this;
    }
}
