package io.multistatus.transaction;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Savepoint;
import org.jspecify.annotations.Nullable;

/**
 * What a handler takes for its own transaction, within the group's: its beginning is a savepoint. With autocommit each
 * statement is one: if it fails, all is as it was before, also in a database (PostgreSQL) that does not go on with a
 * transaction in which something has failed. Guarded by the group's lock.
 */
final class HandlerTransaction {
    /** SQLSTATE class of errors with which a database has undone the whole transaction, or wants it undone. */
    private static final String TRANSACTION_ROLLBACK = "40";

    private final Connection physical;
    private final GroupConnection group;
    private boolean autoCommit;
    /** Whether the handler has the driver's own connection too, and may be at work there unseen. */
    private boolean unseen;

    // Without autocommit: where it began, what the group had done by then, and what has been done here since.
    private @Nullable Savepoint begin;
    private long groupsWorkBefore;
    private long ownWork;

    HandlerTransaction(Connection physical, GroupConnection group, boolean autoCommit) {
        this.physical = physical;
        this.group = group;
        this.autoCommit = autoCommit;
    }

    /** Whether there is a savepoint to go back to. */
    boolean isOpen() {
        return begin != null;
    }

    boolean isAutoCommit() {
        return autoCommit;
    }

    void setAutoCommit(boolean on) throws SQLException {
        if (on != autoCommit) {
            commit();
            autoCommit = on;
            next();
        }
    }

    /** @throws SQLException with autocommit, where {@code method} has no meaning */
    void checkNoAutoCommit(String method) throws SQLException {
        if (autoCommit) {
            throw new SQLException(method + " is not allowed with autocommit");
        }
    }

    /** Does what is for the database to do. */
    @Nullable
    Object execute(GroupConnection.Use statement) throws Throwable {
        group.begun();
        try {
            return autoCommit ? executeAlone(statement) : executeWithin(statement);
        } catch (SQLException e) {
            String state = e.getSQLState();
            if (state != null && state.startsWith(TRANSACTION_ROLLBACK)) {
                group.doom(e);
            }
            throw e;
        }
    }

    private @Nullable Object executeWithin(GroupConnection.Use statement) throws Throwable {
        begin();
        worked();
        return statement.run();
    }

    private @Nullable Object executeAlone(GroupConnection.Use statement) throws Throwable {
        Savepoint before = savepoint();
        Object result;
        try {
            result = statement.run();
        } catch (Throwable e) {
            try {
                rollbackTo(before);
            } catch (SQLException lost) {
                e.addSuppressed(lost);
            }
            throw e;
        }
        worked();
        release(before);
        return result;
    }

    /** The handler gets the driver's own connection. */
    void workUnseen() throws SQLException {
        unseen = true;
        group.begun();
        if (!autoCommit) {
            begin();
            worked();
        }
    }

    /** What is done unseen is in no transaction that would begin later than here. */
    private void next() throws SQLException {
        begin = null;
        if (unseen && !autoCommit) {
            begin();
        }
    }

    private void begin() throws SQLException {
        if (begin == null) {
            group.begun();
            begin = savepoint();
            groupsWorkBefore = group.work();
            ownWork = 0;
            if (unseen) {
                worked();
            }
        }
    }

    private void worked() {
        group.worked();
        ownWork++;
    }

    void commit() throws SQLException {
        Savepoint from = begin;
        if (from == null) {
            return;
        }
        try {
            if (group.isOpenElsewhere(this)) {
                // To release this savepoint would release those that are later too. Whether all is well, a new one
                // tells.
                savepoint();
            } else {
                release(from);
            }
        } catch (SQLException e) {
            try {
                rollback();
            } catch (SQLException lost) {
                e.addSuppressed(lost);
            }
            throw e;
        }
        next();
    }

    void rollback() throws SQLException {
        Savepoint to = begin;
        if (to == null) {
            return;
        }
        if (ownWork > 0) {
            checkAlone();
            rollbackTo(to);
        }
        next();
    }

    /** Goes back to a savepoint only if nothing is undone by it but the handler's own. */
    void checkAlone() {
        if (begin != null && group.work() - groupsWorkBefore > ownWork) {
            group.doom(new SQLException("A handler has rolled back one of several connections that it had open at once;"
                    + " in a group of a batch that undoes what it has done with the others too"));
        }
    }

    /** At the end of the group the handler has neither committed nor rolled back nor closed. */
    void leave() {
        if (begin != null && ownWork > 0) {
            group.doom(new SQLException(
                    "A handler has left a connection open, with a transaction that it has not committed"));
        }
    }

    private Savepoint savepoint() throws SQLException {
        try {
            return physical.setSavepoint();
        } catch (SQLException e) {
            group.doom(e);
            throw e;
        }
    }

    private void rollbackTo(Savepoint savepoint) throws SQLException {
        try {
            physical.rollback(savepoint);
        } catch (SQLException e) {
            group.doom(e);
            throw e;
        }
    }

    /** A driver that cannot do that says so without asking the database, and keeps it to the end. */
    private void release(Savepoint savepoint) throws SQLException {
        try {
            physical.releaseSavepoint(savepoint);
        } catch (SQLFeatureNotSupportedException e) {
            return;
        } catch (SQLException e) {
            if (e.getSQLState() != null) {
                throw e;
            }
        }
    }
}
