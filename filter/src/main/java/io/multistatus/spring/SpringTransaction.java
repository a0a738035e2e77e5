package io.multistatus.spring;

import io.multistatus.transaction.BatchTransaction;
import io.multistatus.transaction.CommitFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Transactions of Spring, by a {@link PlatformTransactionManager}: what handlers do with {@code @Transactional}, a
 * {@code TransactionTemplate} or without either takes part in the group's, if it is done with the same manager's resources.
 * Thread-safe if the manager is.
 *
 * <p>It is always a new transaction ({@code REQUIRES_NEW}): if something in front of the batch has begun one on the thread,
 * that is suspended, since the end of a transaction that is only taken part in would decide nothing. Its name is
 * {@code multistatus.group}, its timeout the group's limit in full seconds.
 */
public final class SpringTransaction implements BatchTransaction {
    private static final String NAME = "multistatus.group";
    private static final String VALIDATION_EXCEPTION = "jakarta.validation.ConstraintViolationException";
    private static final Logger LOG = LoggerFactory.getLogger(SpringTransaction.class);

    /** Managers and drivers make milliseconds of it, some of them in an int. */
    private static final long MOST_SECONDS = Integer.MAX_VALUE / 1000;

    private final PlatformTransactionManager transactions;

    /** Uses {@code transactions}, from any thread. */
    public SpringTransaction(PlatformTransactionManager transactions) {
        this.transactions = Objects.requireNonNull(transactions, "transactions");
    }

    @Override
    public Running begin(Duration limit) {
        DefaultTransactionDefinition definition =
                new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        definition.setName(NAME);
        definition.setTimeout(seconds(limit));
        TransactionStatus status = transactions.getTransaction(definition);
        Outcome outcome = new Outcome();
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(outcome);
        }
        return new Begun(transactions, status, outcome);
    }

    private static int seconds(Duration limit) {
        long roundedUp = limit.getSeconds() + (limit.getNano() > 0 ? 1 : 0);
        return (int) Math.min(Math.max(1, roundedUp), MOST_SECONDS);
    }

    /** Is told by the manager how it thinks that the transaction has ended. */
    private static final class Outcome implements TransactionSynchronization {
        private int status = STATUS_UNKNOWN;

        @Override
        public void afterCompletion(int completed) {
            status = completed;
        }
    }

    private record Begun(PlatformTransactionManager transactions, TransactionStatus status, Outcome outcome)
            implements Running {

        /** A manager leaves nothing on the thread, however its commit ends. */
        @Override
        public void commit() throws RolledBackException {
            if (isMarked()) {
                transactions.rollback(status);
                throw new RolledBackException(
                        "The transaction was rolled back in place of being committed",
                        new UnexpectedRollbackException(
                                "A @Transactional method of a handler has failed, or asked for the rollback"));
            }
            try {
                transactions.commit(status);
            } catch (RuntimeException e) {
                if (outcome.status == TransactionSynchronization.STATUS_COMMITTED) {
                    LOG.error("A group has been committed, but what was to follow the commit has failed", e);
                } else if (nothingRemains(e)) {
                    throw new RolledBackException("The transaction was rolled back in place of being committed", e);
                } else {
                    throw e;
                }
            }
        }

        /** Whether it is to be rolled back, which not every manager says in the same way when it is to commit. */
        private boolean isMarked() {
            try {
                return status.isRollbackOnly();
            } catch (RuntimeException e) {
                LOG.error("It cannot be told whether a group may be committed, so it is rolled back", e);
                return true;
            }
        }

        /**
         * Managers say {@code STATUS_ROLLED_BACK} when their rollback after a failed commit did not fail. That of JPA does
         * nothing then, because JPA's commit has tried it and told nobody how it went: so where the database failed below
         * JPA, its own word is needed.
         */
        private boolean nothingRemains(RuntimeException failure) {
            if (failure instanceof UnexpectedRollbackException) {
                return true;
            }
            boolean rolledBack = outcome.status == TransactionSynchronization.STATUS_ROLLED_BACK;
            Optional<SQLException> found = CommitFailure.sqlException(failure);
            if (found.isEmpty()) {
                return rolledBack || isOfValidation(failure);
            }
            SQLException sql = found.get();
            boolean byJdbc = failure.getCause() == sql;
            return CommitFailure.isRefusal(sql) || (rolledBack && byJdbc && !CommitFailure.isCompletionUnknown(sql));
        }

        /** Beans are validated when JPA writes them, before its commit; its manager says then that it knows nothing. */
        private static boolean isOfValidation(Throwable failure) {
            return CommitFailure.causes(failure)
                    .anyMatch(each -> each.getClass().getName().equals(VALIDATION_EXCEPTION));
        }

        @Override
        public void rollback() {
            transactions.rollback(status);
        }
    }
}
