package io.multistatus.transaction;

import java.time.Duration;

/**
 * Transactions of one database by JDBC: the group has one connection, which every {@link TransactionalDataSource} gives to
 * the thread that runs the group. The connection is taken when a handler first asks for one. Thread-safe.
 */
public final class JdbcTransaction implements BatchTransaction {

    /** The transactions of all that use {@link TransactionalDataSource}. */
    public JdbcTransaction() {}

    @Override
    public Running begin(Duration limit) {
        return GroupConnection.bind();
    }
}
