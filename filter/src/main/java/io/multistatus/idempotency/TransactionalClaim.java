package io.multistatus.idempotency;

import io.multistatus.idempotency.IdempotencyStore.Answered;
import io.multistatus.idempotency.IdempotencyStore.Claim;
import java.sql.Connection;
import java.sql.SQLException;

/** A claim that can be ended in a transaction of somebody else's, in the database that it is kept in. */
interface TransactionalClaim extends Claim {

    /**
     * Keeps the answer, if the transaction of {@code connection} is committed.
     *
     * @throws ClaimLostException if the claim is somebody else's by now; then the transaction must be rolled back
     * @throws SQLException if the answer could not be written; the same
     */
    void complete(Answered answered, Connection connection) throws SQLException;

    /**
     * Whether the transaction in which the answer was to be kept has been committed. If not, the key is free afterwards. Waits
     * for the database to be through with the transaction, for about as long as the lease.
     *
     * @throws IdempotencyStoreException if that is not known; the key is free when the claim lapses and the transaction has
     *     turned out not to have been committed
     */
    boolean wasKept() throws IdempotencyStoreException;
}
