package io.multistatus;

import io.multistatus.event.BatchListener;
import io.multistatus.execution.ExecutionMode;
import io.multistatus.transaction.BatchTransaction;
import io.multistatus.wire.HeaderNamePatterns;
import io.multistatus.wire.PathPatterns;
import jakarta.servlet.FilterConfig;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Everything about a batch endpoint that can be set. What is said here of a value's range holds for every instance.
 * Immutable and thread-safe.
 */
public final class BatchConfig {
    /** The longest array that a JVM is sure to give is a little under 2 GiB; no single body comes near it. */
    private static final long LONGEST_BODY = 1L << 30;

    private final String path;
    private final @Nullable String odataPath;
    private final int odataStatus;
    private final boolean module;
    private final @Nullable String urlBase;
    private final MultiStatus multiStatus;
    private final @Nullable Pattern status200UserAgents;
    private final HeaderNamePatterns deniedHeaders;
    private final HeaderNamePatterns allowedHeaders;
    private final Set<String> allowedOrigins;
    private final ExecutionMode execution;
    private final int maxRequests;
    private final long maxBatchBytes;
    private final long maxResponseBytes;
    private final long maxEnvelopeBytes;
    private final long maxBufferedBytes;
    private final Duration itemTimeout;
    private final Duration batchTimeout;
    private final int maxConcurrency;
    private final String maxDepth;
    private final PathPatterns allow;
    private final PathPatterns deny;
    private final AtomicityChoice atomicity;
    private final @Nullable BatchTransaction transaction;
    private final DispatcherChoice dispatcher;
    private final @Nullable URI loopbackUrl;
    private final PathPatterns forwardAllow;
    private final int threads;
    private final boolean virtualThreads;
    private final int maxAbandoned;
    private final TracingChoice tracing;
    private final List<BatchListener> listeners;
    private final JobConfig jobs;

    /** Takes what {@code from} holds, each value judged by its rule. */
    BatchConfig(BatchConfigBuilder from, ConfigProblems problems) {
        path = problems.check("path", from.path, ConfigRules::path, "/batch");
        odataPath = from.odataPath == null
                ? null
                : problems.check("odataPath", from.odataPath, ConfigRules::path, "/$batch");
        odataStatus = problems.check("odataStatus", from.odataStatus, ConfigRules::odataStatus, 200);
        module = from.module;
        urlBase = from.urlBase == null ? null : problems.check("urlBase", from.urlBase, ConfigRules::path, "/");
        multiStatus = from.multiStatus;
        status200UserAgents = from.status200UserAgents == null
                ? null
                : problems.check(
                        "status200UserAgents",
                        from.status200UserAgents,
                        ConfigRules::regularExpression,
                        Pattern.compile(""));
        HeaderNamePatterns noHeaders = HeaderNamePatterns.of(List.of());
        deniedHeaders = problems.check("deniedHeaders", from.deniedHeaders, HeaderNamePatterns::of, noHeaders);
        allowedHeaders = problems.check("allowedHeaders", from.allowedHeaders, ConfigRules::allowedHeaders, noHeaders);
        allowedOrigins = Collections.unmodifiableSet(
                problems.check("allowedOrigins", from.allowedOrigins, ConfigRules::origins, Set.of()));
        execution = from.execution;
        maxRequests = problems.between(1, 1_000_000, "maxRequests", from.maxRequests);
        maxBatchBytes = problems.bytesUpTo(LONGEST_BODY, "maxBatchBytes", from.maxBatchBytes);
        maxResponseBytes = problems.bytesUpTo(LONGEST_BODY, "maxResponseBytes", from.maxResponseBytes);
        maxEnvelopeBytes = problems.bytesUpTo(Long.MAX_VALUE, "maxEnvelopeBytes", from.maxEnvelopeBytes);
        maxBufferedBytes = problems.bytesUpTo(Long.MAX_VALUE, "maxBufferedBytes", from.maxBufferedBytes);
        itemTimeout = problems.duration("itemTimeout", from.itemTimeout);
        batchTimeout = problems.duration("batchTimeout", from.batchTimeout);
        maxConcurrency = problems.between(1, 10_000, "maxConcurrency", from.maxConcurrency);
        maxDepth = problems.check("maxDepth", from.maxDepth, ConfigRules::maxDepth, "none");
        PathPatterns noPaths = PathPatterns.of(List.of());
        allow = problems.check("allow", from.allow, ConfigRules::allow, noPaths);
        deny = problems.check("deny", from.deny, PathPatterns::of, noPaths);
        atomicity = from.atomicity;
        transaction = from.transaction;
        dispatcher = from.dispatcher;
        loopbackUrl = from.loopbackUrl == null
                ? null
                : problems.check(
                        "loopbackUrl", from.loopbackUrl, ConfigRules::loopbackUrl, URI.create("http://localhost"));
        forwardAllow = problems.check("forwardAllow", from.forwardAllow, PathPatterns::of, noPaths);
        threads = problems.between(1, 10_000, "threads", from.threads);
        virtualThreads = from.virtualThreads;
        maxAbandoned = problems.between(1, 1_000_000, "maxAbandoned", from.maxAbandoned);
        tracing = from.tracing;
        listeners = List.copyOf(from.listeners);
        jobs = new JobConfig(from.jobs, problems);
        checkTogether(from.machine, problems);
        checkDispatcher(from, problems);
        checkAtomicity(problems);
    }

    private void checkAtomicity(ConfigProblems problems) {
        if (transaction != null && atomicity != AtomicityChoice.AUTO) {
            problems.add("transaction", transaction, "only allowed with atomicity=auto");
        }
        boolean transactional =
                transaction != null || atomicity == AtomicityChoice.JTA || atomicity == AtomicityChoice.JDBC;
        if (transactional && dispatcher == DispatcherChoice.LOOPBACK) {
            problems.add(
                    "dispatcher",
                    "loopback",
                    "not allowed with transactions (atomicity): items run on threads of their own, where the transaction of"
                            + " their group is not");
        }
    }

    private void checkTogether(Machine machine, ConfigProblems problems) {
        if (odataPath != null && odataPath.equals(path)) {
            problems.add("odataPath", odataPath, "that is the path of the endpoint itself (path)");
        }
        boolean meaningful = maxBatchBytes > 0 && maxEnvelopeBytes > 0 && maxBufferedBytes > 0;
        if (meaningful && maxBufferedBytes - maxBatchBytes < maxEnvelopeBytes) {
            problems.add(
                    "maxBufferedBytes is '" + maxBufferedBytes + "': one batch alone may need more, maxBatchBytes ("
                            + maxBatchBytes + ") + maxEnvelopeBytes (" + maxEnvelopeBytes + ") bytes");
        }
        if (virtualThreads && !machine.hasVirtualThreads()) {
            problems.add(
                    "virtualThreads",
                    true,
                    "only false is allowed on Java " + machine.javaVersion() + ", Java 21 has them");
        }
    }

    private void checkDispatcher(BatchConfigBuilder from, ConfigProblems problems) {
        if (loopbackUrl != null && dispatcher != DispatcherChoice.LOOPBACK) {
            problems.add("loopbackUrl", loopbackUrl, "only allowed with dispatcher=loopback");
        }
        if (!from.forwardAllow.isEmpty() && dispatcher != DispatcherChoice.FORWARD) {
            problems.add("forwardAllow", from.forwardAllow, "only allowed with dispatcher=forward");
        }
        if (from.forwardAllow.isEmpty() && dispatcher == DispatcherChoice.FORWARD) {
            problems.add(
                    "dispatcher",
                    "forward",
                    "only allowed with forwardAllow, the list of the paths that items may go to although forwards pass by"
                            + " security constraints and filters");
        }
    }

    /** A builder that holds the defaults. */
    public static BatchConfigBuilder builder() {
        return new BatchConfigBuilder(Machine.current());
    }

    /** The defaults, those that depend on the heap and the processors derived from this JVM's. */
    public static BatchConfig defaults() {
        return builder().build();
    }

    /** What a filter's init-params say, the defaults for the rest. */
    static BatchConfig fromInitParams(FilterConfig config) {
        return BatchInitParams.read(config, builder());
    }

    /** Where the endpoint is, within the context: {@code /batch}. */
    public String path() {
        return path;
    }

    /** Where the endpoint for clients of OData and Microsoft Graph is, within the context; empty for nowhere. */
    public Optional<String> odataPath() {
        return Optional.ofNullable(odataPath);
    }

    /** All paths of endpoints. */
    Set<String> paths() {
        return odataPath == null ? Set.of(path) : Set.of(path, odataPath);
    }

    /** The status of what is answered there: 200 or 207. */
    public int odataStatus() {
        return odataStatus;
    }

    /** Whether the module for browsers is served, at {@code /multistatus/batch.js} within the context. */
    public boolean module() {
        return module;
    }

    /** What is put before host-absolute URLs of items that do not start with it; empty for nothing. */
    public Optional<String> urlBase() {
        return Optional.ofNullable(urlBase);
    }

    /** When the answer's status is 207. */
    public MultiStatus multiStatus() {
        return multiStatus;
    }

    /** Clients whose {@code User-Agent} contains a match are answered with 200 for 207; empty for none. */
    public Optional<Pattern> status200UserAgents() {
        return Optional.ofNullable(status200UserAgents);
    }

    /** The headers that no item may set, besides those that are always refused. */
    public HeaderNamePatterns deniedHeaders() {
        return deniedHeaders;
    }

    /** The headers that an item may set although they would be refused otherwise; never those that frame a message. */
    public HeaderNamePatterns allowedHeaders() {
        return allowedHeaders;
    }

    /**
     * The origins that may post batches besides the host's own, as {@code Origin} spells them (RFC 6454, section 6.2):
     * lower case, without the scheme's usual port. Unmodifiable.
     */
    public Set<String> allowedOrigins() {
        return allowedOrigins;
    }

    /** In which order items run unless the client prefers another. */
    public ExecutionMode execution() {
        return execution;
    }

    /** The most items a batch may have, 1 to 1,000,000. */
    public int maxRequests() {
        return maxRequests;
    }

    /** The longest body a batch may have, 1 byte to 1 GiB. */
    public long maxBatchBytes() {
        return maxBatchBytes;
    }

    /** The longest body the answer to one item may have, 1 byte to 1 GiB. */
    public long maxResponseBytes() {
        return maxResponseBytes;
    }

    /** The most bytes that the answers of one batch may have together, at least 1. */
    public long maxEnvelopeBytes() {
        return maxEnvelopeBytes;
    }

    /**
     * The most bytes that all live batches of the filter may hold together, requests and answers; at least
     * {@link #maxBatchBytes()} + {@link #maxEnvelopeBytes()}.
     */
    public long maxBufferedBytes() {
        return maxBufferedBytes;
    }

    /** How long one item may take, 1 ms to 365 days. */
    public Duration itemTimeout() {
        return itemTimeout;
    }

    /** How long a batch may take, 1 ms to 365 days; what has not finished by then has timed out. */
    public Duration batchTimeout() {
        return batchTimeout;
    }

    /** How many items of one batch may run at once, 1 to 10,000. */
    public int maxConcurrency() {
        return maxConcurrency;
    }

    /** How deep batches may be nested in batches: always {@code none}. */
    public String maxDepth() {
        return maxDepth;
    }

    /** The only paths that items may go to. */
    public PathPatterns allow() {
        return allow;
    }

    /** The paths that items may not go to, even if they are allowed. */
    public PathPatterns deny() {
        return deny;
    }

    /** What becomes of groups that are to take effect together or not at all. */
    public AtomicityChoice atomicity() {
        return atomicity;
    }

    /** What such groups run in, if the configuration itself says so. */
    public Optional<BatchTransaction> transaction() {
        return Optional.ofNullable(transaction);
    }

    /** Which way items go into the app. */
    public DispatcherChoice dispatcher() {
        return dispatcher;
    }

    /**
     * Where {@link DispatcherChoice#LOOPBACK} connects to, a scheme with a host and maybe a port; empty for where the
     * batch came in. Never there with other dispatchers.
     */
    public Optional<URI> loopbackUrl() {
        return Optional.ofNullable(loopbackUrl);
    }

    /** The only paths that {@link DispatcherChoice#FORWARD} serves; empty with other dispatchers, and only then. */
    public PathPatterns forwardAllow() {
        return forwardAllow;
    }

    /** The most threads that run items beside those that read batches, all batches together; 1 to 10,000. */
    public int threads() {
        return threads;
    }

    /** Whether those threads are virtual; false on a JVM that has none. */
    public boolean virtualThreads() {
        return virtualThreads;
    }

    /**
     * The most items of all batches together that have timed out while their handler goes on, 1 to 1,000,000; past it new
     * batches are refused.
     */
    public int maxAbandoned() {
        return maxAbandoned;
    }

    /** Whether batches are traced where the OpenTelemetry API is there and an SDK behind it. */
    public TracingChoice tracing() {
        return tracing;
    }

    /** Who is told how batches fare, in the order they were added. Unmodifiable. */
    public List<BatchListener> listeners() {
        return listeners;
    }

    /** How batches run whose clients do not wait for them. */
    public JobConfig jobs() {
        return jobs;
    }
}
