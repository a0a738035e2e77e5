package io.multistatus.idempotency;

import io.multistatus.transaction.GroupScope;
import java.sql.Connection;
import java.sql.SQLException;

/** A request that is to run again when its key is sent again: what it has done must not stay, whatever becomes of its answer. */
final class FailedWork implements GroupScope.Participant {
    private final Runnable release;

    FailedWork(Runnable release) {
        this.release = release;
    }

    @Override
    public void beforeCommit(Connection connection) throws SQLException {
        throw new SQLException("A request with an Idempotency-Key has failed, and its key is to be free");
    }

    @Override
    public void ended(GroupScope.End end) {
        release.run();
    }
}
