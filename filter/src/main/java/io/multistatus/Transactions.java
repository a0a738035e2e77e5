package io.multistatus;

import io.multistatus.execution.Atomicity;
import io.multistatus.transaction.BatchTransaction;
import io.multistatus.transaction.JdbcTransaction;
import io.multistatus.transaction.JtaTransaction;
import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.naming.NamingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From the choice of a kind of transaction to the transactions. Thread-safe. */
final class Transactions {
    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    private final BatchConfig config;
    private final ServletContext context;
    private final Optional<BatchTransaction> chosen;
    private final Optional<BatchTransaction> service;
    private final AtomicBoolean wrongAttributeTold = new AtomicBoolean();

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
        boolean open = chosen.isEmpty()
                && config.atomicity() == AtomicityChoice.AUTO
                && config.dispatcher() != DispatcherChoice.LOOPBACK;
        this.service = open ? service(context) : Optional.empty();
    }

    /** That of the app, whoever's class loader the filter is in: others that share it may have other ones, or none. */
    private static Optional<BatchTransaction> service(ServletContext context) {
        List<BatchTransaction> all = new ArrayList<>();
        try {
            ServiceLoader.load(BatchTransaction.class, context.getClassLoader()).forEach(all::add);
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new InvalidConfigException(
                    List.of("A service of " + BatchTransaction.class.getName() + " cannot be loaded: " + e.getMessage()
                            + (e.getCause() == null ? "" : " (" + e.getCause() + ")")),
                    e);
        }
        if (all.size() > 1) {
            List<String> names =
                    all.stream().map(each -> each.getClass().getName()).toList();
            throw new InvalidConfigException(List.of("There are several services of " + BatchTransaction.class.getName()
                    + ", and groups run in one of them only: " + names));
        }
        return all.stream().findFirst();
    }

    private static BatchTransaction jta() {
        try {
            return JtaTransaction.lookUp();
        } catch (NamingException e) {
            throw new InvalidConfigException(
                    List.of("atomicity is 'jta': " + e.getMessage() + "; for one database by JDBC there is 'jdbc'"), e);
        } catch (LinkageError e) {
            throw new InvalidConfigException(
                    List.of("atomicity is 'jta': the classes of Jakarta Transactions are not there, " + e.getMessage()),
                    e);
        }
    }

    /**
     * What groups run in now. An app may leave its own in the servlet context later than the filter begins; if it leaves
     * something else there, groups do not run, and the log says why.
     */
    Optional<BatchTransaction> find() {
        if (config.dispatcher() == DispatcherChoice.LOOPBACK) {
            // Items run on threads of their own.
            return Optional.empty();
        }
        if (chosen.isPresent() || config.atomicity() != AtomicityChoice.AUTO) {
            return chosen;
        }
        Object left = context.getAttribute(BatchTransaction.ATTRIBUTE);
        if (left == null) {
            return service;
        }
        if (left instanceof BatchTransaction transaction) {
            return Optional.of(transaction);
        }
        if (!wrongAttributeTold.getAndSet(true)) {
            LOG.error(
                    "The attribute {} of the servlet context is a {}, which is no such transaction, or one of another class"
                            + " loader's; groups of items are refused",
                    BatchTransaction.ATTRIBUTE,
                    left.getClass().getName());
        }
        return Optional.empty();
    }

    /** What becomes of groups when {@link #find} finds {@code transaction}. */
    Atomicity atomicity(Optional<BatchTransaction> transaction) {
        if (config.atomicity() == AtomicityChoice.NONE) {
            return Atomicity.NONE;
        }
        return transaction.isPresent() ? Atomicity.TRANSACTION : Atomicity.NOT_SUPPORTED;
    }
}
