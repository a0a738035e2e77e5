package io.multistatus.transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The group of items, all or nothing, that a thread is at work for. What keeps something of an item beside the transaction
 * has to do with it as the transaction ends. Used by the group's thread only.
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
        /** Called once, on the group's thread, before anybody outside hears of its end. */
        void ended(End end);
    }

    private final List<Participant> participants = new ArrayList<>();

    private GroupScope() {}

    /** Makes a new one that of this thread, until it {@linkplain #end ends}. */
    public static GroupScope open() {
        GroupScope scope = new GroupScope();
        CURRENT.set(scope);
        return scope;
    }

    /** The one that this thread is in. */
    public static Optional<GroupScope> current() {
        return Optional.ofNullable(CURRENT.get());
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
