package io.multistatus;

import io.multistatus.execution.Atomicity;
import io.multistatus.transaction.BatchTransaction;
import io.multistatus.transaction.JdbcTransaction;
import io.multistatus.transaction.JtaTransaction;
import jakarta.servlet.ServletContext;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import javax.naming.NamingException;

/** From the choice of a kind of transaction to the transactions. Thread-safe. */
final class Transactions {
    private final BatchConfig config;
    private final ServletContext context;
    private final Optional<BatchTransaction> chosen;

    /**
     * What {@code config} asks for.
     *
     * @throws InvalidConfigException if that is not to be had in this container
     */
    Transactions(BatchConfig config, ServletContext context) {
        this.config = config;
        this.context = context;
        this.chosen = switch (config.atomicity()) {
            case AUTO -> config.transaction();
            case JTA -> Optional.of(jta());
            case JDBC -> Optional.of(new JdbcTransaction());
            case NONE -> Optional.empty();
        };
    }

    private static BatchTransaction jta() {
        try {
            return JtaTransaction.lookUp();
        } catch (NamingException e) {
            throw new InvalidConfigException(List.of("atomicity is 'jta': " + e.getMessage()), e);
        } catch (LinkageError e) {
            throw new InvalidConfigException(
                    List.of("atomicity is 'jta': the classes of Jakarta Transactions are not there, " + e.getMessage()),
                    e);
        }
    }

    /** What groups run in now. An app may leave its own in the servlet context later than the filter begins. */
    Optional<BatchTransaction> find() {
        if (config.dispatcher() == DispatcherChoice.LOOPBACK) {
            // Items run on threads of their own.
            return Optional.empty();
        }
        if (chosen.isPresent() || config.atomicity() != AtomicityChoice.AUTO) {
            return chosen;
        }
        if (context.getAttribute(BatchTransaction.ATTRIBUTE) instanceof BatchTransaction left) {
            return Optional.of(left);
        }
        return Services.FOUND;
    }

    /** What becomes of groups when {@link #find} finds {@code transaction}. */
    Atomicity atomicity(Optional<BatchTransaction> transaction) {
        if (config.atomicity() == AtomicityChoice.NONE) {
            return Atomicity.NONE;
        }
        return transaction.isPresent() ? Atomicity.TRANSACTION : Atomicity.NOT_SUPPORTED;
    }

    /** Looked for when it is first asked for. */
    private static final class Services {
        static final Optional<BatchTransaction> FOUND = ServiceLoader.load(
                        BatchTransaction.class, BatchTransaction.class.getClassLoader())
                .findFirst();
    }
}
