package io.multistatus.transaction;

import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Transactions of one database by JDBC: the group has one connection, which every {@link TransactionalDataSource} gives to
 * the thread that runs the group. The database must have savepoints. Thread-safe.
 */
public final class JdbcTransaction implements BatchTransaction {
    private final @Nullable DataSource source;

    /**
     * The transactions of all that use a {@link TransactionalDataSource}. A group's connection is taken when a handler first
     * asks for one; if none is to be had then, that is the handler's affair.
     */
    public JdbcTransaction() {
        source = null;
    }

    /**
     * The transactions of {@code source}. A group's connection is taken when the group begins; if none is to be had then, none
     * of its items runs.
     */
    public JdbcTransaction(TransactionalDataSource source) {
        this.source = source.target();
    }

    /**
     * @throws SQLException if there is no connection to be had
     * @throws IllegalStateException if no {@link TransactionalDataSource} has been made, so that nothing could be undone
     */
    @Override
    public Running begin(Duration limit) throws SQLException {
        if (!TransactionalDataSource.isMade()) {
            throw new IllegalStateException("With atomicity=jdbc, groups of batches reach connections of a"
                    + " TransactionalDataSource only, and the app has made none: where it makes its data source, have it use"
                    + " new TransactionalDataSource(original) in its place");
        }
        return source == null ? GroupConnection.bind() : GroupConnection.bind(source);
    }
}
