package io.multistatus.idempotency;

import static io.multistatus.jdbc.Database.NOW;
import static io.multistatus.jdbc.Database.update;

import io.multistatus.jdbc.Chores;
import io.multistatus.jdbc.Database;
import io.multistatus.transaction.TransactionalDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers in a table of a database, which all processes of an app share. A key is claimed by inserting its row; the claim has
 * a lease, which is renewed as long as the process lives, so that the claim of one that has died is free when the lease is over.
 * Times are the database's. Tried with PostgreSQL and H2. Thread-safe.
 *
 * <p>Every call takes a connection for itself and commits at once, but for answers that are kept in the transaction of what they
 * answer to. The table is made of {@link #ddl}.
 */
public final class JdbcIdempotencyStore implements IdempotencyStore {
    /** The table where no other is named. */
    public static final String TABLE = "multistatus_idempotency";

    private static final Logger LOG = LoggerFactory.getLogger(JdbcIdempotencyStore.class);
    private static final Duration CLEANING = Duration.ofMinutes(5);
    /** The longest time between two attempts to keep an answer. */
    private static final Duration RETRY = Duration.ofSeconds(10);
    /** How often somebody else may come first: each time the key has become free again in between. */
    private static final int ATTEMPTS = 10;

    private final Database database;
    private final Duration ttl;
    private final Duration lease;
    private final String find;
    private final String insert;
    private final String takeOver;
    private final String complete;
    private final String release;
    private final String renew;
    private final String forget;
    private final String clean;
    private final Set<Row> claims = ConcurrentHashMap.newKeySet();
    private final Chores chores;

    /**
     * A store in a table that is there.
     *
     * @param dataSource gives connections; of a {@link TransactionalDataSource} those of its target, since what is remembered must
     *     not be undone with a group
     * @param table its name, with or without a schema: letters, digits and underscores
     * @param ttl how long an answer is kept, from 1 ms on
     * @param lease how long a claim outlives its process, from 100 ms on
     */
    public JdbcIdempotencyStore(DataSource dataSource, String table, Duration ttl, Duration lease) {
        String named = Database.checkedTable(table);
        database = new Database(dataSource);
        this.ttl = ttl;
        this.lease = Database.checkedLease(lease);
        String where = " where scope = ? and idempotency_key = ?";
        String mine = where + " and owner = ? and answer_kind is null";
        find =
                "select owner, lease_until, expires_at, request_head, request_kind, request_length, request_body, answer_kind,"
                        + " status, answer_text, headers, body, " + NOW + " from " + named + where;
        insert = "insert into " + named + " (scope, idempotency_key, owner, lease_until, expires_at) values (?, ?, ?, "
                + NOW + " + ?, " + NOW + " + ?)";
        takeOver = "update " + named + " set owner = ?, lease_until = " + NOW + " + ?, expires_at = " + NOW + " + ?"
                + mine + " and lease_until = ?";
        complete = "update " + named + " set expires_at = " + NOW + " + ?, request_head = ?, request_kind = ?,"
                + " request_length = ?, request_body = ?, answer_kind = ?, status = ?, answer_text = ?, headers = ?, body = ?"
                + mine;
        release = "delete from " + named + mine;
        renew = "update " + named + " set lease_until = " + NOW + " + ?, expires_at = " + NOW + " + ?" + mine;
        forget = "delete from " + named + where + " and owner = ? and expires_at <= " + NOW;
        clean = "delete from " + named + " where expires_at <= " + NOW;
        // Two threads: claims are to be renewed while much is being forgotten.
        chores = new Chores("multistatus-idempotency", 2);
        Duration pause = Duration.ofMillis(lease.toMillis() / 3);
        chores.repeat(pause, pause, this::renewAll);
        Duration retry = pause.compareTo(RETRY) < 0 ? pause : RETRY;
        chores.repeat(retry, retry, this::keepAll);
        chores.repeat(Duration.ZERO, CLEANING, this::clean);
    }

    /** What makes the table and its index, if they are not there: two statements, each with a semicolon behind it. */
    public static String ddl(String table) {
        return IdempotencyTable.ddl(table).stream().map(each -> each + ";\n").collect(Collectors.joining());
    }

    /**
     * Makes the table, if it is not there.
     *
     * @throws SQLException if the database does not let it
     */
    public static void createTable(DataSource dataSource, String table) throws SQLException {
        IdempotencyTable.create(dataSource, table);
    }

    @Override
    public Outcome claim(ScopedKey key) throws IdempotencyStoreException {
        Row row = new Row(key, UUID.randomUUID().toString());
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Optional<Outcome> outcome = database.withAutoCommit(connection -> claim(row, connection));
                if (outcome.isPresent()) {
                    // Not before the connection has been given back: what fails until then is no claim, and lapses.
                    if (outcome.get().claim() != null) {
                        claims.add(row);
                    }
                    return outcome.get();
                }
            }
        } catch (SQLException e) {
            throw new IdempotencyStoreException("the database could not be asked for an Idempotency-Key", e);
        }
        return Outcome.running();
    }

    /** Empty if somebody else came in between. */
    private Optional<Outcome> claim(Row row, Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(find)) {
            row.bind(statement, 1);
            try (ResultSet found = statement.executeQuery()) {
                if (found.next()) {
                    return known(row, found, connection);
                }
            }
        }
        return insert(row, connection) ? Optional.of(Outcome.claimed(row)) : Optional.empty();
    }

    private Optional<Outcome> known(Row row, ResultSet found, Connection connection) throws SQLException {
        String owner = found.getString("owner");
        long now = found.getLong(13);
        if (found.getString("answer_kind") == null) {
            long until = found.getLong("lease_until");
            if (until > now) {
                return Optional.of(Outcome.running());
            }
            return update(
                                    connection,
                                    takeOver,
                                    row.owner(),
                                    lease.toMillis(),
                                    lease.toMillis() + ttl.toMillis(),
                                    row.scope(),
                                    row.key(),
                                    owner,
                                    until)
                            > 0
                    ? Optional.of(Outcome.claimed(row))
                    : Optional.empty();
        }
        if (found.getLong("expires_at") > now) {
            return Optional.of(Outcome.answered(StoredRows.read(found)));
        }
        update(connection, forget, row.scope(), row.key(), owner);
        return Optional.empty();
    }

    private boolean insert(Row row, Connection connection) throws SQLException {
        try {
            long leaseMillis = lease.toMillis();
            update(connection, insert, row.scope(), row.key(), row.owner(), leaseMillis, leaseMillis + ttl.toMillis());
            return true;
        } catch (SQLException e) {
            if (Database.isOf(Database.INTEGRITY_VIOLATION, e)) {
                return false;
            }
            throw e;
        }
    }

    /** Claims that are not renewed in time are somebody else's afterwards; their requests run on all the same. */
    private void renewAll() {
        if (claims.isEmpty()) {
            return;
        }
        try {
            int lost = database.withAutoCommit(this::renewAll);
            if (lost > 0) {
                LOG.error(
                        "The claims of {} Idempotency-Keys were lost while their requests run: unless they are transactional,"
                                + " they may run twice",
                        lost);
            }
        } catch (SQLException | RuntimeException e) {
            LOG.warn("Claims of Idempotency-Keys could not be renewed; they lapse within {}", lease, e);
        }
    }

    /** Returns how many are not this process's any more. */
    private int renewAll(Connection connection) throws SQLException {
        int lost = 0;
        for (Row row : List.copyOf(claims)) {
            lost += row.renew(connection) ? 0 : 1;
        }
        return lost;
    }

    /** Tries again to keep the answers that the database has not taken. Their claims are renewed as long as they are not kept. */
    private void keepAll() {
        claims.stream().filter(Row::isOverdue).forEach(Row::loseAnswer);
        List<Row> unkept = claims.stream().filter(Row::hasUnkeptAnswer).toList();
        if (unkept.isEmpty()) {
            return;
        }
        try {
            int tried = database.withAutoCommit(connection -> {
                for (Row row : unkept) {
                    keep(row, connection);
                }
                return unkept.size();
            });
            LOG.debug("{} answers that the database had not taken were tried again", tried);
        } catch (SQLException | RuntimeException e) {
            LOG.warn("{} answers to keyed requests are still not stored; this is tried again", unkept.size(), e);
        }
    }

    /** One that the database refuses for good keeps no other from being stored. */
    private static void keep(Row row, Connection connection) throws SQLException {
        try {
            row.keep(connection);
        } catch (SQLException e) {
            if (!connection.isValid(1)) {
                throw e;
            }
            LOG.warn("An answer to a keyed request is still not stored; this is tried again", e);
        }
    }

    private void clean() {
        try {
            int forgotten = database.withAutoCommit(connection -> update(connection, clean));
            LOG.debug("{} Idempotency-Keys were forgotten, their time being over", forgotten);
        } catch (SQLException | RuntimeException e) {
            LOG.warn("Idempotency-Keys whose time is over could not be forgotten", e);
        }
    }

    @Override
    public void close() {
        chores.close();
        keepAll();
        claims.stream().filter(Row::hasUnkeptAnswer).forEach(Row::loseAnswer);
    }

    /** A row that is this process's as long as nobody has taken it over. */
    private final class Row implements TransactionalClaim {
        private final ScopedKey scopedKey;
        private final String owner;
        /** When the database first did not take the answer. */
        private volatile long unkeptSince;
        /** The answer that it has not taken. */
        private volatile @Nullable Answered unkept;

        Row(ScopedKey scopedKey, String owner) {
            this.scopedKey = scopedKey;
            this.owner = owner;
        }

        String scope() {
            return scopedKey.scope();
        }

        String key() {
            return scopedKey.key();
        }

        String owner() {
            return owner;
        }

        void bind(PreparedStatement statement, int first) throws SQLException {
            statement.setString(first, scope());
            statement.setString(first + 1, key());
        }

        @Override
        public void complete(Answered answered) throws IdempotencyStoreException {
            try {
                if (database.withAutoCommit(connection -> writeOrBare(answered, connection)) == 0) {
                    claims.remove(this);
                    throw new IdempotencyStoreException(
                            "the claim had lapsed, and the key is somebody else's",
                            new IllegalStateException("the lease of " + lease + " was not renewed in time"));
                }
                claims.remove(this);
            } catch (SQLException e) {
                if (chores.isClosed() || !claims.contains(this)) {
                    claims.remove(this);
                    throw new IdempotencyStoreException("the database did not take an answer", e);
                }
                LOG.warn("The database did not take an answer to a keyed request; its key is held until it does", e);
                unkeptSince = System.nanoTime();
                unkept = answered;
            }
        }

        boolean hasUnkeptAnswer() {
            return unkept != null;
        }

        /** One more attempt to keep the answer. */
        void keep(Connection connection) throws SQLException {
            Answered answered = unkept;
            if (answered == null) {
                return;
            }
            // What failed before may have been done all the same.
            if (writeOrBare(answered, connection) > 0 || isAnswered(connection)) {
                unkept = null;
                claims.remove(this);
                LOG.info("An answer to a keyed request that the database had not taken is stored now");
            } else {
                loseAnswer();
            }
        }

        void loseAnswer() {
            unkept = null;
            claims.remove(this);
            LOG.error(
                    "An answer to a keyed request could not be stored in time: if it is sent again, it may run again");
        }

        boolean isOverdue() {
            return unkept != null && System.nanoTime() - unkeptSince > ttl.toNanos();
        }

        private boolean isAnswered(Connection connection) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(find)) {
                bind(statement, 1);
                try (ResultSet found = statement.executeQuery()) {
                    return found.next()
                            && found.getString("answer_kind") != null
                            && owner.equals(found.getString("owner"));
                }
            }
        }

        private int writeOrBare(Answered answered, Connection connection) throws SQLException {
            try {
                return write(answered, connection);
            } catch (SQLException e) {
                return writeBare(answered, connection, e);
            }
        }

        @Override
        public void complete(Answered answered, Connection connection) throws SQLException {
            removeFromClaims();
            Savepoint before = connection.setSavepoint();
            int completed;
            try {
                completed = write(answered, connection);
            } catch (SQLException e) {
                connection.rollback(before);
                completed = writeBare(answered, connection, e);
            }
            if (completed == 0) {
                throw new ClaimLostException("The claim of an Idempotency-Key had lapsed: its lease of " + lease
                        + " was not renewed in time");
            }
        }

        /** Not while it is being renewed: from now on its row may be locked until a transaction ends. */
        private synchronized void removeFromClaims() {
            claims.remove(this);
        }

        /** Whether it is this process's still, or is none that is to be renewed any more. */
        synchronized boolean renew(Connection connection) throws SQLException {
            long leaseMillis = lease.toMillis();
            return !claims.contains(this)
                    || Database.update(
                                    connection, renew, leaseMillis, leaseMillis + ttl.toMillis(), scope(), key(), owner)
                            > 0
                    // One with an answer is judged when that is kept.
                    || hasUnkeptAnswer()
                    || !claims.remove(this);
        }

        @Override
        public boolean wasKept() throws IdempotencyStoreException {
            claims.remove(this);
            try {
                return database.withAutoCommit(connection -> free(connection) == 0 && isAnswered(connection));
            } catch (SQLException e) {
                throw new IdempotencyStoreException("the database does not tell how a transaction has ended", e);
            }
        }

        /** The row is locked as long as the transaction is not over in which it was completed. */
        private int free(Connection connection) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(release)) {
                statement.setQueryTimeout((int) Math.max(1, lease.toSeconds()));
                bind(statement, 1);
                statement.setString(3, owner);
                return statement.executeUpdate();
            }
        }

        /** That there was an answer, if {@code failure} says that the answer as it is cannot be kept. */
        private int writeBare(Answered answered, Connection connection, SQLException failure) throws SQLException {
            if (!Database.isOf(Database.DATA_EXCEPTION, failure)) {
                throw failure;
            }
            LOG.warn("The database cannot keep an answer; that its request has run is kept", failure);
            return write(new Answered(answered.fingerprint(), answered.answer().bare()), connection);
        }

        private int write(Answered answered, Connection connection) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(complete)) {
                statement.setLong(1, ttl.toMillis());
                StoredRows.write(answered, statement, 2);
                bind(statement, 11);
                statement.setString(13, owner);
                return statement.executeUpdate();
            }
        }

        @Override
        public void release() throws IdempotencyStoreException {
            claims.remove(this);
            try {
                database.withAutoCommit(connection -> update(connection, release, scope(), key(), owner));
            } catch (SQLException e) {
                throw new IdempotencyStoreException("the database did not take back a claim", e);
            }
        }
    }
}
