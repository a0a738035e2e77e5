package io.multistatus.transaction;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * A data source that takes part in the groups of batches, which an app uses in place of its own. On a thread that runs a
 * group, with {@link JdbcTransaction}, all connections are one and the same transaction, and stay open when they are closed:
 *
 * <ul>
 *   <li>{@code commit} keeps what has been done for the end of the group, which may still undo it;
 *   <li>{@code rollback}, and {@code close} without {@code commit}, undo what has been done since the last {@code commit},
 *       by a savepoint;
 *   <li>with autocommit, if that is on, each statement that succeeds is kept for the end of the group, and one that fails
 *       undoes nothing but itself;
 *   <li>what a handler sets on a connection is set back when it closes it; another isolation can be asked for before the
 *       group's first statement only, and nobody can change whether the connection is read-only;
 *   <li>a second data source in the same group is refused: two databases have no transaction in common.
 * </ul>
 *
 * <p>On all other threads it is the data source that it stands for. Thread-safe, as that one is.
 */
public final class TransactionalDataSource implements DataSource {
    /** Whether there has been one; an app that has none has none of its work in groups. */
    private static final AtomicBoolean MADE = new AtomicBoolean();

    private final DataSource target;

    /** Stands for {@code target}. */
    public TransactionalDataSource(DataSource target) {
        this.target = Objects.requireNonNull(target, "target");
        MADE.set(true);
    }

    /** Whether any has been made with these classes. */
    static boolean isMade() {
        return MADE.get();
    }

    /** What it stands for. */
    public DataSource target() {
        return target;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Optional<GroupConnection> group = GroupConnection.current();
        return group.isPresent() ? group.get().open(target) : target.getConnection();
    }

    /** @throws SQLFeatureNotSupportedException in a group, which has one connection, whoever asks for it */
    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        if (GroupConnection.current().isPresent()) {
            throw new SQLFeatureNotSupportedException(
                    "In a group of a batch there is one connection; it cannot be had for another user");
        }
        return target.getConnection(username, password);
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return target.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        target.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        target.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return target.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return target.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        return type.isInstance(target) ? type.cast(target) : target.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || type.isInstance(target) || target.isWrapperFor(type);
    }
}
