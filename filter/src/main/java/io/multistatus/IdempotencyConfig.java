package io.multistatus;

import io.multistatus.idempotency.IdempotencyStore;
import io.multistatus.idempotency.JdbcIdempotencyStore;
import io.multistatus.idempotency.MemoryIdempotencyStore;
import io.multistatus.jdbc.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** How requests with an {@code Idempotency-Key} are served. Immutable and thread-safe. */
public final class IdempotencyConfig {
    private static final int MIB = 1 << 20;

    private final Duration ttl;
    private final int maxEntries;
    private final long maxBytes;
    private final int maxResponseBytes;
    private final List<String> credentialHeaders;
    private final @Nullable DataSource dataSource;
    private final String table;
    private final boolean createTable;
    private final Duration lease;
    private final boolean transactional;
    private final @Nullable IdempotencyStore store;

    private IdempotencyConfig(Builder from, ConfigProblems problems) {
        ttl = problems.duration("ttl", from.ttl);
        maxEntries = problems.between(1, 100_000_000, "maxEntries", from.maxEntries);
        maxBytes = problems.bytesUpTo(Long.MAX_VALUE, "maxBytes", from.maxBytes);
        maxResponseBytes = (int) problems.bytesUpTo(1 << 30, "maxResponseBytes", from.maxResponseBytes);
        credentialHeaders = from.credentialHeaders;
        dataSource = from.dataSourceName == null
                ? from.dataSource
                : problems.check(
                                "dataSource",
                                from.dataSourceName,
                                name -> Optional.of(NamedDataSource.lookUp(name)),
                                Optional.<DataSource>empty())
                        .orElse(null);
        table = problems.check("table", from.table, Database::checkedTable, from.table);
        createTable = from.createTable;
        lease = problems.check("lease", from.lease, Database::checkedLease, from.lease);
        transactional = from.transactional;
        store = from.store;
        if (transactional && dataSource == null) {
            problems.add(
                    "transactional",
                    true,
                    "only allowed with a dataSource: that of the database that handlers write to");
        }
        if (store != null && dataSource != null) {
            problems.add("dataSource", dataSource, "only allowed without a store");
        }
        if (maxResponseBytes > maxBytes) {
            problems.add("maxResponseBytes", maxResponseBytes, "maxBytes (" + maxBytes + ") is the most that has room");
        }
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder(Machine.current());
    }

    /** How long an answer is kept. */
    public Duration ttl() {
        return ttl;
    }

    /** How many answers are kept in memory. */
    public int maxEntries() {
        return maxEntries;
    }

    /** How much memory they may take. */
    public long maxBytes() {
        return maxBytes;
    }

    /** How long an answer's body may be to be kept. */
    public int maxResponseBytes() {
        return maxResponseBytes;
    }

    /** The fields of a request that say who sends it, where the container does not know. */
    public List<String> credentialHeaders() {
        return credentialHeaders;
    }

    /** The name of the table that keys and answers are kept in, if they are in a database. */
    public String table() {
        return table;
    }

    /** Whether it is made when the filter starts, if it is not there. */
    public boolean createTable() {
        return createTable;
    }

    /** How long a claim outlives its process. */
    public Duration lease() {
        return lease;
    }

    /** Whether answers are kept in the transactions of what handlers do. */
    public boolean transactional() {
        return transactional;
    }

    /**
     * The store that was given, or a new one of this configuration.
     *
     * @throws SQLException if there is to be a table that cannot be made
     */
    IdempotencyStore newStore() throws SQLException {
        if (store != null) {
            return store;
        }
        if (dataSource == null) {
            return new MemoryIdempotencyStore(ttl, maxEntries, maxBytes);
        }
        if (createTable) {
            JdbcIdempotencyStore.createTable(dataSource, table);
        }
        return new JdbcIdempotencyStore(dataSource, table, ttl, lease);
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {
        private Duration ttl = Duration.ofHours(24);
        private int maxEntries = 100_000;
        private long maxBytes;
        private long maxResponseBytes = MIB;
        private List<String> credentialHeaders = List.of("Authorization", "X-API-Key");
        private @Nullable DataSource dataSource;
        private @Nullable String dataSourceName;
        private String table = JdbcIdempotencyStore.TABLE;
        private boolean createTable;
        private Duration lease = Duration.ofSeconds(30);
        private boolean transactional;
        private @Nullable IdempotencyStore store;

        private Builder(Machine machine) {
            maxBytes = Math.min(64L * MIB, machine.maxMemory() / 16);
        }

        /** How long an answer is kept: 1 ms to 365 days. Default 24 hours. */
        public Builder ttl(Duration newTtl) {
            ttl = Objects.requireNonNull(newTtl, "ttl");
            return this;
        }

        /** How many answers are kept in memory: 1 to 100,000,000. Default 100,000. */
        public Builder maxEntries(int entries) {
            maxEntries = entries;
            return this;
        }

        /** How much memory they may take, in bytes: 1 or more. Default 64 MiB, or 1/16 of the heap if less. */
        public Builder maxBytes(long bytes) {
            maxBytes = bytes;
            return this;
        }

        /**
         * How long an answer's body may be to be kept, in bytes: 1 to 1 GiB, and no more than {@link #maxBytes}. Default 1 MiB. The
         * answer to a request that has a longer one goes out, but not a second time.
         */
        public Builder maxResponseBytes(long bytes) {
            maxResponseBytes = bytes;
            return this;
        }

        /**
         * The fields of a request that say who sends it, where the container has not authenticated a user: nobody gets the answer to
         * a request with other values in them. Default {@code Authorization} and {@code X-API-Key}; a session counts always.
         */
        public Builder credentialHeaders(List<String> names) {
            credentialHeaders = List.copyOf(names);
            return this;
        }

        /**
         * The database in a table of which keys and answers are kept, in place of the memory: then all processes that share it run a
         * request once, and a restart forgets nothing. Of a {@link io.multistatus.transaction.TransactionalDataSource} it is the
         * one that that stands for.
         */
        public Builder dataSource(DataSource newDataSource) {
            dataSource = Objects.requireNonNull(newDataSource, "dataSource");
            return this;
        }

        /** The same, by its name in JNDI. */
        Builder dataSourceName(String name) {
            dataSourceName = name;
            return this;
        }

        /** The name of the table: letters, digits and underscores, with a schema or without. Default {@code multistatus_idempotency}. */
        public Builder table(String name) {
            table = Objects.requireNonNull(name, "table");
            return this;
        }

        /** Whether to make the table when the filter starts, if it is not there. Default no. */
        public Builder createTable(boolean make) {
            createTable = make;
            return this;
        }

        /**
         * How long a claim outlives its process, 100 ms to 365 days: after that a request that was running when the process died may
         * run again. Default 30 seconds; a process that lives renews its claims.
         */
        public Builder lease(Duration newLease) {
            lease = Objects.requireNonNull(newLease, "lease");
            return this;
        }

        /**
         * Whether what a handler writes by connections of a {@link io.multistatus.transaction.TransactionalDataSource} and the
         * answer that is kept are one transaction, so that there is never one without the other: exactly once, whatever process
         * dies when. The table must be in the database that handlers write to. Requests with a key cannot go async then. Default no.
         */
        public Builder transactional(boolean on) {
            transactional = on;
            return this;
        }

        /** Where keys and answers are kept, in place of memory and database. The filter closes it. */
        public Builder store(IdempotencyStore newStore) {
            store = Objects.requireNonNull(newStore, "store");
            return this;
        }

        /**
         * The configuration.
         *
         * @throws InvalidConfigException if a value is impossible; names all that are
         */
        public IdempotencyConfig build() {
            return build(new ConfigProblems());
        }

        IdempotencyConfig build(ConfigProblems problems) {
            IdempotencyConfig config = new IdempotencyConfig(this, problems);
            problems.throwIfAny();
            return config;
        }
    }
}
