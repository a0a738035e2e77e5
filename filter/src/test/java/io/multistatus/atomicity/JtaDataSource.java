package io.multistatus.atomicity;

import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.XAConnection;
import javax.sql.XADataSource;

/** As a container's data source is: in a transaction, all have the one connection that is enlisted in it. */
final class JtaDataSource {
    private final XADataSource target;
    private final TransactionManager manager;
    private final Map<Transaction, XAConnection> enlisted = new ConcurrentHashMap<>();

    JtaDataSource(XADataSource target, TransactionManager manager) {
        this.target = target;
        this.manager = manager;
    }

    Connection getConnection() throws SQLException {
        try {
            Transaction transaction = manager.getTransaction();
            if (transaction == null || transaction.getStatus() == Status.STATUS_NO_TRANSACTION) {
                throw new SQLException("no transaction");
            }
            XAConnection connection = enlisted.get(transaction);
            if (connection == null) {
                connection = enlist(transaction);
            }
            return connection.getConnection();
        } catch (SystemException | RollbackException e) {
            throw new SQLException(e);
        }
    }

    private XAConnection enlist(Transaction transaction) throws SQLException, SystemException, RollbackException {
        XAConnection connection = target.getXAConnection();
        enlisted.put(transaction, connection);
        transaction.enlistResource(connection.getXAResource());
        transaction.registerSynchronization(new Synchronization() {
            @Override
            public void beforeCompletion() {}

            @Override
            public void afterCompletion(int status) {
                enlisted.remove(transaction);
                try {
                    connection.close();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        return connection;
    }

    /** How many connections are enlisted in transactions that have not ended. */
    int active() {
        return enlisted.size();
    }
}
