package io.multistatus.dispatch.loopback;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to one server that have carried an item and may carry another, for so short a time that the server has
 * hardly closed them meanwhile. Thread-safe.
 */
final class IdleConnections {
    private static final Logger LOG = LoggerFactory.getLogger(IdleConnections.class);

    /** Much less than servers keep idle connections open. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(1);

    private static final int MOST = 32;

    /** The last one given first. Guarded by this. */
    private final Deque<Connection> idle = new ArrayDeque<>();

    synchronized Optional<Connection> take() {
        dropStale();
        return Optional.ofNullable(idle.pollFirst());
    }

    synchronized void give(Connection connection) {
        dropStale();
        if (idle.size() == MOST) {
            close(connection);
            return;
        }
        connection.restsFrom(System.nanoTime());
        idle.addFirst(connection);
    }

    private void dropStale() {
        long now = System.nanoTime();
        while (!idle.isEmpty() && idle.getLast().hasRestedLongerThan(LONGEST_REST.toNanos(), now)) {
            close(idle.removeLast());
        }
    }

    static void close(Connection connection) {
        try {
            connection.close();
        } catch (IOException e) {
            LOG.debug("A connection does not close", e);
        }
    }
}
