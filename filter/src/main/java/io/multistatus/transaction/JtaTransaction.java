package io.multistatus.transaction;

import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transactions of the container, by its {@link UserTransaction}. Handlers work with the container's own data sources, and
 * must not begin or end a transaction themselves. Thread-safe.
 */
public final class JtaTransaction implements BatchTransaction {
    private static final Logger LOG = LoggerFactory.getLogger(JtaTransaction.class);

    /** Where it is in Jakarta EE (platform specification, section 5.10), in WildFly for all threads, and in TomEE. */
    private static final List<String> NAMES =
            List.of("java:jboss/UserTransaction", "java:comp/UserTransaction", "java:comp/env/UserTransaction");

    private final UserTransaction transactions;

    /** Uses {@code transactions}, from any thread. */
    public JtaTransaction(UserTransaction transactions) {
        this.transactions = Objects.requireNonNull(transactions, "transactions");
    }

    /**
     * Uses the container's, which it looks up by JNDI on the calling thread.
     *
     * @throws NamingException if there is none; the message names the places
     */
    @SuppressWarnings("BanJNDI") // the names are constants
    public static JtaTransaction lookUp() throws NamingException {
        InitialContext names = new InitialContext();
        NamingException last = new NamingException("there is no UserTransaction at any of " + NAMES);
        for (String name : NAMES) {
            try {
                if (names.lookup(name) instanceof UserTransaction found) {
                    return new JtaTransaction(found);
                }
            } catch (NamingException e) {
                last.addSuppressed(e);
            }
        }
        throw last;
    }

    @Override
    public Running begin(Duration limit) throws Exception {
        long seconds = limit.plusSeconds(1).minusNanos(1).toSeconds();
        transactions.setTransactionTimeout((int) Math.min(seconds, Integer.MAX_VALUE));
        try {
            transactions.begin();
        } finally {
            forgetTimeout();
        }
        return new Begun(transactions);
    }

    /** What has been set holds for all that this thread begins: from now on the default again. */
    private void forgetTimeout() {
        try {
            transactions.setTransactionTimeout(0);
        } catch (SystemException | RuntimeException e) {
            // Were it thrown on, nobody would end the transaction that has begun.
            LOG.warn("A thread keeps the timeout of a group's transaction", e);
        }
    }

    private record Begun(UserTransaction transactions) implements Running {
        @Override
        public void commit() throws Exception {
            try {
                transactions.commit();
            } catch (RollbackException | HeuristicRollbackException e) {
                throw new BatchTransaction.RolledBackException(
                        "The transaction was rolled back in place of being committed", e);
            } finally {
                letGo();
            }
        }

        @Override
        public void rollback() throws Exception {
            if (transactions.getStatus() == Status.STATUS_NO_TRANSACTION) {
                throw new IllegalStateException("a handler has ended the transaction of its group itself");
            }
            try {
                transactions.rollback();
            } finally {
                letGo();
            }
        }

        /** Whatever came before, the thread must not go on with this transaction. */
        private void letGo() throws SystemException {
            if (transactions.getStatus() != Status.STATUS_NO_TRANSACTION) {
                try {
                    transactions.rollback();
                } catch (IllegalStateException | SecurityException e) {
                    LOG.error("A transaction could not be taken from its thread", e);
                }
            }
        }
    }
}
