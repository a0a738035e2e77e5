package io.multistatus.transaction;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection of a group, bound to the thread that runs it. Handlers may pass what they have of it to other threads,
 * for as long as the group runs; all that is done with it is done under one lock. Thread-safe.
 */
final class GroupConnection implements BatchTransaction.Running {
    private static final Logger LOG = LoggerFactory.getLogger(GroupConnection.class);
    private static final ThreadLocal<GroupConnection> CURRENT = new ThreadLocal<>();

    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean abandoned;
    private volatile boolean over;
    /** Why this can only be rolled back, whatever the handlers answer. */
    private volatile @Nullable SQLException doom;

    // All below: guarded by the lock.
    private @Nullable DataSource source;
    private @Nullable Connection physical;
    private boolean autoCommitBefore;
    private @Nullable Integer isolationBefore;
    private final Set<SharedConnection> open = new LinkedHashSet<>();
    private boolean taking;
    private boolean begun;
    private long work;

    private GroupConnection() {}

    /** Something that is done with the connection. */
    @FunctionalInterface
    interface Use {
        @Nullable
        Object run() throws Throwable;
    }

    /** Binds one to the calling thread. */
    static GroupConnection bind() {
        if (CURRENT.get() != null) {
            throw new IllegalStateException(
                    "a group of a batch, or a request in a transaction, is running on this thread already");
        }
        GroupConnection group = new GroupConnection();
        CURRENT.set(group);
        return group;
    }

    /** Binds one to the calling thread that has its connection already. */
    static GroupConnection bind(DataSource source) throws SQLException {
        GroupConnection group = bind();
        group.lock.lock();
        try {
            group.take(source);
        } catch (SQLException | RuntimeException | Error e) {
            CURRENT.remove();
            throw e;
        } finally {
            group.lock.unlock();
        }
        return group;
    }

    /** That of the calling thread. */
    static Optional<GroupConnection> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** What a handler gets when it asks {@code asked} for a connection. */
    Connection open(DataSource asked) throws SQLException {
        lock.lock();
        try {
            checkUsable();
            if (taking) {
                // One such data source around another: the connection is the outer one's.
                return asked.getConnection();
            }
            Connection connection = physical == null ? take(asked) : physical;
            if (asked != source) {
                throw new SQLException(
                        "A group of a batch has one transaction, and that is of another data source already: " + source
                                + ", not " + asked);
            }
            SharedConnection shared = new SharedConnection(connection, this, autoCommitBefore);
            open.add(shared);
            return shared.proxy();
        } finally {
            lock.unlock();
        }
    }

    private Connection take(DataSource from) throws SQLException {
        taking = true;
        try {
            Connection taken = from.getConnection();
            try {
                autoCommitBefore = taken.getAutoCommit();
                taken.setAutoCommit(false);
            } catch (SQLException | RuntimeException | Error e) {
                close(taken);
                throw e;
            }
            source = from;
            physical = taken;
            return taken;
        } finally {
            taking = false;
        }
    }

    /** Does that, unless the group is over or nobody waits for it any more. */
    @Nullable
    Object within(Use use) throws Throwable {
        lock.lock();
        try {
            checkUsable();
            return use.run();
        } finally {
            lock.unlock();
        }
    }

    /** Does that, also when there is nothing to be done any more but to close. */
    @Nullable
    Object afterwards(Use use) throws Throwable {
        lock.lock();
        try {
            return use.run();
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is something to be done still. */
    boolean isUsable() {
        return !over && !abandoned;
    }

    private void checkUsable() throws SQLException {
        if (over) {
            throw new SQLException("The group of the batch that the connection was of is over");
        }
        if (abandoned) {
            throw new SQLException("The group of the batch has been given up, and will be rolled back");
        }
    }

    boolean isOver() {
        return over;
    }

    /** From now on the group can only be rolled back. From any thread. */
    void doom(SQLException reason) {
        if (doom == null) {
            doom = reason;
        }
    }

    // What follows, up to commit: for shared connections, within.

    void closed(SharedConnection connection) {
        open.remove(connection);
    }

    /** Whether a handler has another transaction open than that one. */
    boolean isOpenElsewhere(HandlerTransaction transaction) {
        return open.stream()
                .map(SharedConnection::transaction)
                .anyMatch(other -> other != transaction && other.isOpen());
    }

    /** Something has been done that the database may have to undo. */
    void worked() {
        begun = true;
        work++;
    }

    long work() {
        return work;
    }

    /** The database's transaction has begun, or will with what comes next. */
    void begun() {
        begun = true;
    }

    /**
     * Has the transaction run with that isolation, or a stricter one.
     *
     * @throws SQLException if it is too late for that
     */
    void isolate(Connection connection, int level) throws SQLException {
        int now = connection.getTransactionIsolation();
        if (level <= now) {
            return;
        }
        if (begun) {
            throw new SQLException("The transaction of the group of the batch has begun with isolation " + now
                    + "; a handler cannot have " + level + " any more");
        }
        connection.setTransactionIsolation(level);
        isolationBefore = isolationBefore == null ? now : isolationBefore;
    }

    @Override
    public void commit() throws BatchTransaction.RolledBackException, SQLException {
        CURRENT.remove();
        over = true;
        Optional<GroupScope> scope = GroupScope.current();
        lock.lock();
        try {
            Connection connection = physical;
            if (connection == null) {
                if (scope.map(GroupScope::isBatch).orElse(true)) {
                    LOG.warn(
                            "A group of a batch has ended well, and no handler has asked a TransactionalDataSource for a"
                                    + " connection: what they have written, if anything, is in no transaction, and would have stayed had"
                                    + " the group failed");
                }
                return;
            }
            for (SharedConnection left : open) {
                left.leave();
            }
            SQLException reason = doom;
            if (reason != null) {
                undo(connection);
                throw new BatchTransaction.RolledBackException("The group could only be rolled back", reason);
            }
            if (scope.isPresent()) {
                ask(scope.get(), connection);
            }
            commit(connection);
        } finally {
            letGo();
            lock.unlock();
        }
    }

    private void ask(GroupScope scope, Connection connection) throws BatchTransaction.RolledBackException {
        try {
            scope.beforeCommit(connection);
        } catch (SQLException | RuntimeException e) {
            undo(connection);
            throw new BatchTransaction.RolledBackException("What belongs to the group could not be kept with it", e);
        }
    }

    private void commit(Connection connection) throws BatchTransaction.RolledBackException, SQLException {
        try {
            connection.commit();
        } catch (SQLException e) {
            if (!undo(connection) || CommitFailure.isCompletionUnknown(e)) {
                throw e;
            }
            throw new BatchTransaction.RolledBackException("The database refused the commit", e);
        } catch (RuntimeException | Error e) {
            undo(connection);
            throw e;
        }
        giveBack(connection);
    }

    @Override
    public void rollback() {
        CURRENT.remove();
        over = true;
        lock.lock();
        try {
            Connection connection = physical;
            if (connection != null) {
                open.forEach(SharedConnection::leave);
                undo(connection);
            }
        } finally {
            letGo();
            lock.unlock();
        }
    }

    /** Nobody else may get the connection as it is, if something unforeseen has come before it was given back. */
    private void letGo() {
        if (physical != null) {
            discard(physical);
        }
    }

    /** Rolls back and gives the connection back; says whether the database has said that it did. */
    private boolean undo(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException | RuntimeException e) {
            // Without its connection the database ends the transaction; a pool must not give it to anybody else.
            LOG.error("A group of a batch could not be rolled back; its connection is closed", e);
            discard(connection);
            return false;
        }
        giveBack(connection);
        return true;
    }

    /** The transaction has ended: whoever has the connection next finds it as it was. */
    private void giveBack(Connection connection) {
        try {
            if (isolationBefore != null) {
                connection.setTransactionIsolation(isolationBefore);
            }
            connection.setAutoCommit(autoCommitBefore);
        } catch (SQLException | RuntimeException e) {
            LOG.warn("The connection of a group of a batch cannot be given back as it was, and is closed", e);
            discard(connection);
            return;
        }
        physical = null;
        close(connection);
    }

    private void discard(Connection connection) {
        physical = null;
        try {
            connection.abort(Runnable::run);
        } catch (SQLException | RuntimeException e) {
            LOG.warn("The connection of a group of a batch cannot be aborted", e);
        }
        close(connection);
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException | RuntimeException e) {
            LOG.warn("The connection of a group of a batch cannot be closed", e);
        }
    }

    @Override
    public void abandon() {
        abandoned = true;
    }
}
