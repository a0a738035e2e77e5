package io.multistatus.idempotency;

import io.multistatus.idempotency.IdempotencyStore.Answered;
import io.multistatus.transaction.GroupScope;
import io.multistatus.transaction.GroupScope.End;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An answer that is kept in the transaction of the work that it is the answer to. Used by one thread. */
final class KeptWithWork implements GroupScope.Participant {
    private static final Logger LOG = LoggerFactory.getLogger(KeptWithWork.class);

    private final TransactionalClaim claim;
    private final Answered answered;
    private final GroupScope.Participant withoutConnection;
    private boolean written;
    private End known = End.IN_DOUBT;

    /** @param withoutConnection what to do in the end if no handler has asked for a connection of the transaction */
    KeptWithWork(TransactionalClaim claim, Answered answered, GroupScope.Participant withoutConnection) {
        this.claim = claim;
        this.answered = answered;
        this.withoutConnection = withoutConnection;
    }

    @Override
    public void beforeCommit(Connection connection) throws SQLException {
        written = true;
        claim.complete(answered, connection);
    }

    @Override
    public void ended(End end) {
        known = end;
        if (!written) {
            withoutConnection.ended(end);
        } else if (end != End.COMMITTED) {
            ask();
        }
    }

    /** The row says how the transaction has ended, whatever its connection has met. */
    private void ask() {
        try {
            known = claim.wasKept() ? End.COMMITTED : End.ROLLED_BACK;
        } catch (IdempotencyStoreException | RuntimeException e) {
            LOG.warn("Unless its answer has been kept, the key of a request is in use until its claim lapses", e);
        }
    }

    /** How the transaction has ended, as far as that can be known. */
    End known() {
        return known;
    }
}
