package io.multistatus.jdbc;

import io.multistatus.transaction.TransactionalDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * A database where something is remembered for all processes of an app. Every piece of work takes a connection for itself, which
 * goes back as it came. Tried with PostgreSQL and H2. Thread-safe.
 */
public final class Database {
    /** An expression: the database's time, in milliseconds since 1970. The same all through a transaction. */
    public static final String NOW = "cast(extract(epoch from current_timestamp) * 1000 as bigint)";
    /** SQLSTATE class of a row that is there already. */
    public static final String INTEGRITY_VIOLATION = "23";
    /** SQLSTATE class of a value that a column cannot hold: a text with a NUL in PostgreSQL, say. */
    public static final String DATA_EXCEPTION = "22";
    /** SQLSTATE class of a transaction that was undone for the sake of another one, by a deadlock, say. */
    private static final String TRANSACTION_ROLLBACK = "40";

    private static final int ATTEMPTS = 5;
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)?");
    private static final Duration SHORTEST_LEASE = Duration.ofMillis(100);
    private static final Duration LONGEST_LEASE = Duration.ofDays(365);

    private final DataSource dataSource;

    /** What is done with a connection. */
    @FunctionalInterface
    public interface Work<T> {
        /** Does it. The connection is closed, and made as it was, by whoever has called this. */
        T with(Connection connection) throws SQLException;
    }

    /**
     * The database that {@code dataSource} gives connections to; of a {@link TransactionalDataSource} those of its target, since
     * what is remembered must not be undone with a group.
     */
    public Database(DataSource dataSource) {
        this.dataSource =
                dataSource instanceof TransactionalDataSource transactional ? transactional.target() : dataSource;
    }

    /**
     * A name that a table may have: letters, digits and underscores, with a schema or without.
     *
     * @throws IllegalArgumentException for others; the message says what is allowed
     */
    public static String checkedTable(String table) {
        if (!NAME.matcher(table).matches()) {
            throw new IllegalArgumentException(
                    "a name of letters, digits and underscores is allowed, with a schema or without");
        }
        return table;
    }

    /**
     * A lease that can be renewed in time: from 100 ms to a year.
     *
     * @throws IllegalArgumentException for others; the message says what is allowed
     */
    public static Duration checkedLease(Duration lease) {
        if (lease.compareTo(SHORTEST_LEASE) < 0 || lease.compareTo(LONGEST_LEASE) > 0) {
            throw new IllegalArgumentException("a time from 100 milliseconds to 365 days is allowed");
        }
        return lease;
    }

    /**
     * Makes tables and the like, if they are not there; other processes may do so at the same time.
     *
     * @throws SQLException if the database does not let it
     */
    public static void execute(DataSource dataSource, List<String> statements) throws SQLException {
        Database database = new Database(dataSource);
        for (String sql : statements) {
            database.make(sql);
        }
    }

    /** Databases fail one of two that make the same thing at the same time, "if not exists" or not: then it is there. */
    private void make(String sql) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                withAutoCommit(connection -> {
                    try (Statement statement = connection.createStatement()) {
                        return statement.execute(sql);
                    }
                });
                return;
            } catch (SQLException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Does work of which each statement is for itself. */
    public <T> T withAutoCommit(Work<T> work) throws SQLException {
        return with(true, work);
    }

    /**
     * Does all of the work or, if anything is thrown, nothing; from the start again if it has been undone for the sake of
     * another transaction. An exception from the commit itself leaves open which of them it was.
     */
    public <T> T inTransaction(Work<T> work) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                return with(false, connection -> committed(connection, work));
            } catch (SQLException e) {
                if (attempt == ATTEMPTS || !isOf(TRANSACTION_ROLLBACK, e)) {
                    throw e;
                }
            }
        }
    }

    private <T> T with(boolean autoCommit, Work<T> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean before = connection.getAutoCommit();
            setAutoCommit(autoCommit, connection);
            T result;
            try {
                result = work.with(connection);
            } catch (SQLException | RuntimeException | Error e) {
                try {
                    setAutoCommit(before, connection);
                } catch (SQLException more) {
                    e.addSuppressed(more);
                }
                throw e;
            }
            setAutoCommit(before, connection);
            return result;
        }
    }

    private static void setAutoCommit(boolean autoCommit, Connection connection) throws SQLException {
        if (connection.getAutoCommit() != autoCommit) {
            connection.setAutoCommit(autoCommit);
        }
    }

    private static <T> T committed(Connection connection, Work<T> work) throws SQLException {
        try {
            T result = work.with(connection);
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            undo(connection, e);
            throw e;
        }
    }

    private static void undo(Connection connection, Throwable cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
            abort(connection, cause);
        }
    }

    /** For what cannot be undone: turning autocommit on again would commit it. */
    private static void abort(Connection connection, Throwable cause) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /** Whether an exception's SQLSTATE is of a class, two characters. */
    public static boolean isOf(String sqlStateClass, SQLException e) {
        return e.getSQLState() != null && e.getSQLState().startsWith(sqlStateClass);
    }

    /** Runs a statement with values for its parameters; how many rows it has changed. */
    public static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }
}
