package io.multistatus;

import io.multistatus.execution.RetryPolicy;
import io.multistatus.jdbc.Database;
import io.multistatus.job.JdbcJobStore;
import io.multistatus.job.JobSettings;
import io.multistatus.job.JobStore;
import io.multistatus.job.MemoryJobStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** How batches run whose clients do not wait for them. Immutable and thread-safe. */
public final class JobConfig {
    private final boolean enabled;
    private final Duration timeout;
    private final Duration ttl;
    private final int retries;
    private final int maxRunning;
    private final int maxQueued;
    private final int maxJobs;
    private final long maxBytes;
    private final Duration grace;
    private final @Nullable DataSource dataSource;
    private final String table;
    private final boolean createTable;
    private final Duration lease;
    private final @Nullable JobStore store;

    JobConfig(Builder from, ConfigProblems problems) {
        enabled = from.enabled;
        timeout = problems.duration("jobTimeout", from.timeout);
        ttl = problems.duration("jobTtl", from.ttl);
        retries = problems.between(0, 100, "jobRetries", from.retries);
        maxRunning = problems.between(1, 10_000, "maxRunningJobs", from.maxRunning);
        maxQueued = problems.between(1, 1_000_000, "maxQueuedJobs", from.maxQueued);
        maxJobs = problems.between(1, 1_000_000, "maxJobs", from.maxJobs);
        maxBytes = problems.bytesUpTo(Long.MAX_VALUE, "maxJobBytes", from.maxBytes);
        grace = problems.duration("jobGrace", from.grace);
        dataSource = from.dataSourceName == null
                ? from.dataSource
                : problems.check(
                                "jobDataSource",
                                from.dataSourceName,
                                name -> Optional.of(NamedDataSource.lookUp(name)),
                                Optional.<DataSource>empty())
                        .orElse(null);
        table = problems.check("jobTable", from.table, Database::checkedTable, from.table);
        createTable = from.createTable;
        lease = problems.check("jobLease", from.lease, Database::checkedLease, from.lease);
        store = from.store;
        if (store != null && dataSource != null) {
            problems.add("jobDataSource", dataSource, "only allowed without a store of jobs");
        }
    }

    /** Whether batches run as jobs where their clients prefer that ({@code Prefer: respond-async}, RFC 7240, section 4.1). */
    public boolean enabled() {
        return enabled;
    }

    /** How long a job may run, 1 ms to 365 days; what has not finished by then has timed out. */
    public Duration timeout() {
        return timeout;
    }

    /** How long a job and its result are remembered when it is over, 1 ms to 365 days. */
    public Duration ttl() {
        return ttl;
    }

    /** How often an item of a job is tried again that has failed for now and may be repeated, 0 to 100. */
    public int retries() {
        return retries;
    }

    /** How many jobs run at once on this node, 1 to 10,000. */
    public int maxRunning() {
        return maxRunning;
    }

    /** How many more may wait, 1 to 1,000,000; past it jobs are refused. */
    public int maxQueued() {
        return maxQueued;
    }

    /** How many jobs are remembered in memory, 1 to 1,000,000; past it jobs are refused. */
    public int maxJobs() {
        return maxJobs;
    }

    /** How many bytes of memory they may take, at least 1. */
    public long maxBytes() {
        return maxBytes;
    }

    /** How long running items of jobs may go on when the app stops, 1 ms to 365 days. */
    public Duration grace() {
        return grace;
    }

    /** The name of the table of jobs, if they are in a database. */
    public String table() {
        return table;
    }

    /** Whether it is made when the filter starts, if it is not there. */
    public boolean createTable() {
        return createTable;
    }

    /** How long a node may be silent before its jobs count as interrupted. */
    public Duration lease() {
        return lease;
    }

    RetryPolicy retryPolicy() {
        return new RetryPolicy(retries);
    }

    JobSettings settings() {
        return new JobSettings(maxRunning, maxQueued, timeout, ttl, grace, lease);
    }

    /**
     * The store that was given, or a new one of this configuration.
     *
     * @throws SQLException if there is to be a table that cannot be made
     */
    JobStore newStore() throws SQLException {
        if (store != null) {
            return store;
        }
        if (dataSource == null || !enabled) {
            return new MemoryJobStore(maxJobs, maxBytes);
        }
        if (createTable) {
            JdbcJobStore.createTables(dataSource, table);
        }
        return new JdbcJobStore(dataSource, table, lease);
    }

    /** Collects settings, each in place of its default; see {@link BatchConfigBuilder#jobs}. Not thread-safe. */
    public static final class Builder {
        private boolean enabled = true;
        private Duration timeout = Duration.ofHours(1);
        private Duration ttl = Duration.ofHours(1);
        private int retries = 3;
        private int maxRunning = 2;
        private int maxQueued = 100;
        private int maxJobs = 1000;
        private long maxBytes;
        private Duration grace = Duration.ofSeconds(10);
        private @Nullable DataSource dataSource;
        private @Nullable String dataSourceName;
        private String table = JdbcJobStore.TABLE;
        private boolean createTable;
        private Duration lease = Duration.ofSeconds(30);
        private @Nullable JobStore store;

        Builder(Machine machine) {
            maxBytes = Math.max(1, Math.min(64L << 20, machine.maxMemory() / 16));
        }

        /** Whether there are jobs. Default true. */
        public Builder enabled(boolean isEnabled) {
            enabled = isEnabled;
            return this;
        }

        /** How long a job may run. Default an hour. */
        public Builder timeout(Duration newTimeout) {
            timeout = Objects.requireNonNull(newTimeout, "timeout");
            return this;
        }

        /** How long it is remembered when it is over. Default an hour. */
        public Builder ttl(Duration newTtl) {
            ttl = Objects.requireNonNull(newTtl, "ttl");
            return this;
        }

        /** How often an item is tried again that has failed for now and may be repeated. Default 3. */
        public Builder retries(int count) {
            retries = count;
            return this;
        }

        /** How many jobs run at once on this node. Default 2. */
        public Builder maxRunning(int count) {
            maxRunning = count;
            return this;
        }

        /** How many more may wait. Default 100. */
        public Builder maxQueued(int count) {
            maxQueued = count;
            return this;
        }

        /** How many jobs are remembered in memory. Default 1000. */
        public Builder maxJobs(int count) {
            maxJobs = count;
            return this;
        }

        /** How many bytes of memory they may take. Default 64 MiB, or 1/16 of the heap if that is less. */
        public Builder maxBytes(long bytes) {
            maxBytes = bytes;
            return this;
        }

        /** How long running items may go on when the app stops. Default 10 s. */
        public Builder grace(Duration newGrace) {
            grace = Objects.requireNonNull(newGrace, "grace");
            return this;
        }

        /** A database that remembers jobs in place of the memory; not a {@code TransactionalDataSource}. Default none. */
        public Builder dataSource(DataSource newDataSource) {
            dataSource = Objects.requireNonNull(newDataSource, "dataSource");
            return this;
        }

        /** The same by its name in JNDI. Default none. */
        public Builder dataSourceName(String name) {
            dataSourceName = Objects.requireNonNull(name, "dataSourceName");
            return this;
        }

        /** The table of jobs there; that of their answers has {@code _content} behind its name. Default {@code multistatus_job}. */
        public Builder table(String name) {
            table = Objects.requireNonNull(name, "table");
            return this;
        }

        /** Whether the tables are made when the filter starts, if they are not there. Default false. */
        public Builder createTable(boolean create) {
            createTable = create;
            return this;
        }

        /** How long a node may be silent before its jobs count as interrupted. Default 30 s. */
        public Builder lease(Duration newLease) {
            lease = Objects.requireNonNull(newLease, "lease");
            return this;
        }

        /** A store of your own; the filter closes it. Default none. */
        public Builder store(JobStore newStore) {
            store = Objects.requireNonNull(newStore, "store");
            return this;
        }
    }
}
