package io.multistatus.transaction;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The one connection of a group, bound to the thread that runs it. For that thread only, but for {@link #abandon}. */
final class GroupConnection implements BatchTransaction.Running {
    private static final ThreadLocal<GroupConnection> CURRENT = new ThreadLocal<>();

    private @Nullable DataSource source;
    private @Nullable Connection physical;
    private boolean autoCommitBefore;
    private volatile boolean abandoned;

    private GroupConnection() {}

    /** Binds one to the calling thread. */
    static GroupConnection bind() {
        if (CURRENT.get() != null) {
            throw new IllegalStateException("a group of a batch is running on this thread already");
        }
        GroupConnection group = new GroupConnection();
        CURRENT.set(group);
        return group;
    }

    /** That of the calling thread. */
    static Optional<GroupConnection> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** What a handler gets when it asks {@code asked} for a connection. */
    Connection open(DataSource asked) throws SQLException {
        checkNotAbandoned();
        if (physical == null) {
            Connection taken = asked.getConnection();
            try {
                autoCommitBefore = taken.getAutoCommit();
                taken.setAutoCommit(false);
            } catch (SQLException e) {
                taken.close();
                throw e;
            }
            source = asked;
            physical = taken;
        } else if (asked != source) {
            throw new SQLException(
                    "A group of a batch has one transaction, and that is of another data source already: " + source
                            + ", not " + asked);
        }
        return SharedConnection.of(physical, this);
    }

    /** @throws SQLException if nobody waits for what is done here any more */
    void checkNotAbandoned() throws SQLException {
        if (abandoned) {
            throw new SQLException("The group of the batch has been given up, and will be rolled back");
        }
    }

    @Override
    public void commit() throws BatchTransaction.RolledBackException, SQLException {
        CURRENT.remove();
        Connection connection = physical;
        if (connection == null) {
            return;
        }
        try {
            connection.commit();
        } catch (SQLException e) {
            rollbackAfter(e, connection);
        } finally {
            release(connection);
        }
    }

    private static void rollbackAfter(SQLException failure, Connection connection)
            throws BatchTransaction.RolledBackException, SQLException {
        if (CommitFailure.isCompletionUnknown(failure)) {
            throw failure;
        }
        try {
            connection.rollback();
        } catch (SQLException e) {
            failure.addSuppressed(e);
            throw failure;
        }
        throw new BatchTransaction.RolledBackException("The database refused the commit", failure);
    }

    @Override
    public void rollback() throws SQLException {
        CURRENT.remove();
        Connection connection = physical;
        if (connection == null) {
            return;
        }
        try {
            connection.rollback();
        } catch (SQLException e) {
            // Without its connection the database ends the transaction; a pool must not give it to anybody else.
            connection.abort(Runnable::run);
            throw e;
        } finally {
            release(connection);
        }
    }

    private void release(Connection connection) throws SQLException {
        try (connection) {
            if (!connection.isClosed()) {
                connection.setAutoCommit(autoCommitBefore);
            }
        }
    }

    @Override
    public void abandon() {
        abandoned = true;
    }
}
