package io.multistatus.transaction;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The group of items, all or nothing, that a thread is at work for; or a single request, in a transaction as a group of one.
 * What keeps something of an item in the transaction does so before it is committed, and what keeps something beside it has to
 * do with that as the transaction ends. Used by the group's thread only.
 */
public final class GroupScope {
    private static final Logger LOG = LoggerFactory.getLogger(GroupScope.class);
    private static final ThreadLocal<GroupScope> CURRENT = new ThreadLocal<>();

    /** How a group has ended. */
    public enum End {
        /** All of it stays. */
        COMMITTED,
        /** Nothing of it remains. */
        ROLLED_BACK,
        /** Nobody knows. */
        IN_DOUBT
    }

    /** Something that ends with the group. */
    @FunctionalInterface
    public interface Participant {
        /**
         * Called on the group's thread when a {@link JdbcTransaction} is to be committed in which there is a connection.
         *
         * @param connection where to write what is to be committed with the group; it must be left open
         * @throws SQLException if the group must not be committed; it is rolled back then
         */
        default void beforeCommit(Connection connection) throws SQLException {}

        /** Called once, on the group's thread, before anybody outside hears of its end. */
        void ended(End end);
    }

    private final List<Participant> participants = new ArrayList<>();

    private final boolean isBatch;

    private GroupScope(boolean isBatch) {
        this.isBatch = isBatch;
    }

    /** Makes a new one that of this thread, until it {@linkplain #end ends}. */
    public static GroupScope open() {
        return bind(new GroupScope(true));
    }

    /** The same for a request that is no item of a group: it may well need no connection. */
    public static GroupScope openForOne() {
        return bind(new GroupScope(false));
    }

    private static GroupScope bind(GroupScope scope) {
        CURRENT.set(scope);
        return scope;
    }

    /** The one that this thread is in. */
    public static Optional<GroupScope> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** Whether this thread is in a {@link JdbcTransaction}, which {@linkplain Participant#beforeCommit asks} those that have joined. */
    public static boolean isJdbc() {
        return GroupConnection.current().isPresent();
    }

    /** Whether it is a group of items. */
    boolean isBatch() {
        return isBatch;
    }

    /** Asks all that have joined, until one objects. */
    void beforeCommit(Connection connection) throws SQLException {
        for (Participant participant : participants) {
            participant.beforeCommit(connection);
        }
    }

    /** Has {@code participant} told how the group ends. */
    public void join(Participant participant) {
        participants.add(participant);
    }

    /** Tells all that have joined, whatever one of them throws, and lets go of the thread. */
    public void end(End how) {
        CURRENT.remove();
        for (Participant participant : participants) {
            try {
                participant.ended(how);
            } catch (RuntimeException e) {
                LOG.error("What ends with a group could not be ended", e);
            }
        }
        participants.clear();
    }
}
