package io.multistatus.job;

import static io.multistatus.jdbc.Database.NOW;
import static io.multistatus.jdbc.Database.update;

import io.multistatus.format.Dialect;
import io.multistatus.jdbc.Chores;
import io.multistatus.jdbc.Database;
import io.multistatus.transaction.TransactionalDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers in tables of a database, which all nodes of an app share; each store object is a node. The node that has created a job
 * has a lease of it: if that is not renewed in time, the job is interrupted, for all nodes at once, and nothing more is
 * taken of it. Times are the database's. There is no bound: what may be remembered is the database's affair. Tried with
 * PostgreSQL and H2. Thread-safe.
 *
 * <p>Every call is a transaction of its own, on a connection of its own. The tables are made of {@link #ddl}.
 */
public final class JdbcJobStore implements JobStore {
    /** The table where no other is named. */
    public static final String TABLE = "multistatus_job";

    private static final Logger LOG = LoggerFactory.getLogger(JdbcJobStore.class);
    private static final Duration CLEANING = Duration.ofMinutes(5);
    private static final String NOT_OVER = "state in ('QUEUED', 'RUNNING')";
    private static final String LIVE = NOT_OVER + " and lease_until > " + NOW + " and expires_at > " + NOW;
    private static final String MINE = " where id = ? and node = ? and " + LIVE;
    /** How many leases a statement renews. */
    private static final int RENEWED_AT_ONCE = 1_000;

    private final Database database;
    private final String node = UUID.randomUUID().toString();
    private final long leaseMillis;
    private final String table;
    private final String insert;
    private final String find;
    private final String interrupt;
    private final String begin;
    private final String lock;
    private final String count;
    private final String end;
    private final String cancel;
    private final String delete;
    private final String clean;
    private final ContentTable contents;
    private final Chores chores;

    /**
     * A store in tables that are there.
     *
     * @param dataSource gives connections; of a {@link TransactionalDataSource} those of its target, since what is remembered must
     *     not be undone with a group
     * @param table the name of the table of jobs, with or without a schema: letters, digits and underscores
     * @param lease how long a job outlives its node, from 100 ms on; its node is to {@link #renew} it several times in that time
     */
    public JdbcJobStore(DataSource dataSource, String table, Duration lease) {
        this.table = Database.checkedTable(table);
        leaseMillis = Database.checkedLease(lease).toMillis();
        database = new Database(dataSource);
        contents = new ContentTable(contentTable(table), table, NOW);
        insert = "insert into " + table
                + " (id, node, owner, dialect, media_type, state, cancel_requested, total, succeeded,"
                + " failed, created_at, lease_until, expires_at) values (?, ?, ?, ?, ?, 'QUEUED', false, ?, 0, 0, "
                + NOW
                + ", " + NOW + " + ?, " + NOW + " + ?)";
        find = "select owner, dialect, media_type, state, total, succeeded, failed, created_at, expires_at,"
                + " case when " + NOT_OVER + " and lease_until <= " + NOW + " then 1 else 0 end as lapsed from " + table
                + " where id = ? and expires_at > " + NOW;
        interrupt = "update " + table + " set state = 'INTERRUPTED' where id = ? and " + NOT_OVER
                + " and lease_until <= " + NOW;
        begin = "update " + table + " set state = 'RUNNING'" + MINE;
        lock = "select total from " + table + MINE + " for update";
        count = "update " + table + " set succeeded = succeeded + ?, failed = failed + ? where id = ?";
        end = "update " + table + " set state = ?, expires_at = " + NOW + " + ?" + MINE;
        cancel = "update " + table + " set cancel_requested = true where id = ? and " + LIVE;
        delete = "delete from " + table + " where id = ? and not (" + LIVE + ")";
        clean = "delete from " + table + " where expires_at <= " + NOW;
        chores = new Chores("multistatus-jobs", 1);
        chores.repeat(Duration.ZERO, CLEANING, this::clean);
    }

    private static String contentTable(String table) {
        return table + "_content";
    }

    /**
     * What makes the tables and their index, if they are not there: three statements, each with a semicolon behind it.
     *
     * <ul>
     *   <li>{@code table} has a row for each job: who owns it and which node runs it, how it stands, how many of its items have
     *       been answered, and until when it is kept. Times are milliseconds since 1970.
     *   <li>{@code table_content} has the batches, as item -1, and the answers to their items. They are in a format of this
     *       project, which has a version; what is longer than 512 KiB is in several parts. The rows go with their job.
     * </ul>
     *
     * @param table the name of the table of jobs, with or without a schema: letters, digits and underscores
     */
    public static String ddl(String table) {
        return String.join(";\n", statements(table)) + ";\n";
    }

    private static List<String> statements(String table) {
        String jobs = """
                create table if not exists %s (
                  id varchar(32) not null primary key,
                  node varchar(36) not null,
                  owner varchar(64) not null,
                  dialect varchar(16) not null,
                  media_type varchar(255) not null,
                  state varchar(16) not null,
                  cancel_requested boolean not null,
                  total integer not null,
                  succeeded integer not null,
                  failed integer not null,
                  created_at bigint not null,
                  lease_until bigint not null,
                  expires_at bigint not null
                )""".formatted(Database.checkedTable(table));
        return List.of(
                jobs,
                ContentTable.ddl(contentTable(table), table),
                "create index if not exists " + table.replace('.', '_') + "_expires_at on " + table + " (expires_at)");
    }

    /**
     * Makes the tables, if they are not there.
     *
     * @param table as in {@link #ddl}
     * @throws SQLException if the database does not let it
     */
    public static void createTables(DataSource dataSource, String table) throws SQLException {
        Database.execute(dataSource, statements(table));
    }

    @Override
    public JobStatus create(Job job, Duration keep) throws JobStoreException {
        return inTransaction("take job " + job.id(), connection -> {
            update(
                    connection,
                    insert,
                    job.id().text(),
                    node,
                    job.owner(),
                    job.dialect().name(),
                    job.mediaType(),
                    job.batch().size(),
                    leaseMillis,
                    keep.toMillis());
            contents.insertBatch(job, connection);
            return find(job.id(), connection)
                    .orElseThrow(() -> new SQLException("job " + job.id() + " was expired before it was there"))
                    .status();
        });
    }

    @Override
    public boolean begin(JobId id) throws JobStoreException {
        return inTransaction("begin job " + id, connection -> update(connection, begin, id.text(), node) > 0);
    }

    @Override
    public boolean record(JobId id, List<JobAnswer> answers) throws JobStoreException {
        return inTransaction("take answers of job " + id, connection -> {
            OptionalInt total = lock(id, connection);
            if (total.isEmpty()) {
                return false;
            }
            List<JobAnswer> added = unknown(id, answers, total.getAsInt(), connection);
            if (!added.isEmpty()) {
                contents.insert(id, added, connection);
                int failed = (int) added.stream()
                        .filter(answer -> answer.response().failed())
                        .count();
                update(connection, count, added.size() - failed, failed, id.text());
            }
            return true;
        });
    }

    /** Until the end of the transaction nobody else changes the job, or adds to it. Returns how many items it has. */
    private OptionalInt lock(JobId id, Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(lock)) {
            statement.setString(1, id.text());
            statement.setString(2, node);
            try (ResultSet found = statement.executeQuery()) {
                return found.next() ? OptionalInt.of(found.getInt(1)) : OptionalInt.empty();
            }
        }
    }

    /** Those to items that have no answer yet, one for each. */
    private List<JobAnswer> unknown(JobId id, List<JobAnswer> answers, int total, Connection connection)
            throws SQLException {
        Map<Integer, JobAnswer> byItem = new LinkedHashMap<>();
        for (JobAnswer answer : answers) {
            answer.checkItem(total);
            byItem.putIfAbsent(answer.item(), answer);
        }
        if (byItem.isEmpty()) {
            return List.of();
        }
        Set<Integer> items = byItem.keySet();
        items.removeAll(contents.known(id, Collections.min(items), Collections.max(items), connection));
        return List.copyOf(byItem.values());
    }

    @Override
    public void end(JobId id, JobState state, Duration keep) throws JobStoreException {
        if (!state.isOver()) {
            throw new IllegalArgumentException("a job does not end as " + state);
        }
        inTransaction(
                "end job " + id, connection -> update(connection, end, state.name(), keep.toMillis(), id.text(), node));
    }

    @Override
    public Optional<KnownJob> find(JobId id) throws JobStoreException {
        return inTransaction("find job " + id, connection -> find(id, connection));
    }

    private Optional<KnownJob> find(JobId id, Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(find)) {
            statement.setString(1, id.text());
            try (ResultSet found = statement.executeQuery()) {
                if (!found.next()) {
                    return Optional.empty();
                }
                if (found.getInt("lapsed") == 0) {
                    return Optional.of(known(id, found));
                }
            }
        }
        // Whether it is this that changes it or another node: it will not be found lapsed again.
        update(connection, interrupt, id.text());
        return find(id, connection);
    }

    private static KnownJob known(JobId id, ResultSet row) throws SQLException {
        JobStatus status = new JobStatus(
                id,
                JobState.valueOf(row.getString("state")),
                row.getInt("total"),
                row.getInt("succeeded"),
                row.getInt("failed"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("expires_at")));
        return new KnownJob(
                status, row.getString("owner"), Dialect.valueOf(row.getString("dialect")), row.getString("media_type"));
    }

    @Override
    public Optional<JobContent> content(JobId id) throws JobStoreException {
        return inTransaction("read job " + id, connection -> contents.select(id, connection));
    }

    @Override
    public boolean cancel(JobId id) throws JobStoreException {
        return inTransaction("cancel job " + id, connection -> update(connection, cancel, id.text()) > 0);
    }

    @Override
    public void delete(JobId id) throws JobStoreException {
        inTransaction("delete job " + id, connection -> update(connection, delete, id.text()));
    }

    @Override
    public Map<JobId, Lease> renew(Collection<JobId> own) throws JobStoreException {
        List<JobId> all = List.copyOf(own);
        Map<JobId, Lease> leases = new HashMap<>();
        for (int from = 0; from < all.size(); from += RENEWED_AT_ONCE) {
            List<JobId> some = all.subList(from, Math.min(all.size(), from + RENEWED_AT_ONCE));
            leases.putAll(inTransaction("renew leases", connection -> renew(some, connection)));
        }
        return leases;
    }

    private Map<JobId, Lease> renew(List<JobId> own, Connection connection) throws SQLException {
        String mine = " where node = ? and id in (?" + ", ?".repeat(own.size() - 1) + ") and " + LIVE;
        List<Object> values = new ArrayList<>(List.of(leaseMillis, node));
        own.forEach(id -> values.add(id.text()));
        update(connection, "update " + table + " set lease_until = " + NOW + " + ?" + mine, values.toArray());
        Map<JobId, Lease> leases = new HashMap<>();
        own.forEach(id -> leases.put(id, Lease.LOST));
        try (PreparedStatement statement =
                connection.prepareStatement("select id, cancel_requested from " + table + mine)) {
            for (int i = 1; i < values.size(); i++) {
                statement.setObject(i, values.get(i));
            }
            try (ResultSet held = statement.executeQuery()) {
                while (held.next()) {
                    leases.put(new JobId(held.getString(1)), held.getBoolean(2) ? Lease.CANCEL_REQUESTED : Lease.HELD);
                }
            }
        }
        return leases;
    }

    private <T> T inTransaction(String what, Database.Work<T> work) throws JobStoreException {
        try {
            return database.inTransaction(work);
        } catch (SQLException e) {
            throw new JobStoreException("the database could not " + what, e);
        }
    }

    private void clean() {
        try {
            int forgotten = database.inTransaction(connection -> update(connection, clean));
            LOG.debug("{} jobs were forgotten, their time being over", forgotten);
        } catch (SQLException | RuntimeException e) {
            LOG.warn("Jobs whose time is over could not be forgotten", e);
        }
    }

    @Override
    public void close() {
        chores.close();
    }
}
