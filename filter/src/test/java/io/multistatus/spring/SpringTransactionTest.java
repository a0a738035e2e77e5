package io.multistatus.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multistatus.transaction.BatchTransaction;
import io.multistatus.transaction.BatchTransaction.RolledBackException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring's transactions as those of groups, with a real database whose connections fail when they are told to. */
class SpringTransactionTest {
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final JdbcConnectionPool pool =
            JdbcConnectionPool.create("jdbc:h2:mem:spring" + DATABASES.incrementAndGet(), "sa", "");
    /** Methods of connections that fail, and with which SQLSTATE. */
    private final Map<String, String> failing = new TreeMap<>();

    private final DataSource source = new DelegatingDataSource(pool) {
        @Override
        public Connection getConnection() throws SQLException {
            return failing(super.getConnection());
        }
    };
    private final JdbcTemplate jdbc = new JdbcTemplate(source);
    private final PlatformTransactionManager translating = new JdbcTransactionManager(source);
    private final PlatformTransactionManager plain = new DataSourceTransactionManager(source);

    private Connection failing(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    String state = failing.get(method.getName());
                    if (state != null) {
                        throw new SQLException("on purpose", state.isEmpty() ? null : state);
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @BeforeEach
    void createTable() {
        new JdbcTemplate(pool).execute("create table line (text varchar(100) not null unique)");
        assertThreadIsClean();
    }

    @AfterEach
    void threadIsCleanAndNoConnectionIsOpen() {
        assertThreadIsClean();
        assertThat(pool.getActiveConnections()).isZero();
        pool.dispose();
    }

    private static void assertThreadIsClean() {
        assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
        assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isFalse();
        assertThat(TransactionSynchronizationManager.isActualTransactionActive())
                .isFalse();
        assertThat(TransactionSynchronizationManager.getCurrentTransactionName())
                .isNull();
        assertThat(TransactionSynchronizationManager.isCurrentTransactionReadOnly())
                .isFalse();
        assertThat(TransactionSynchronizationManager.getCurrentTransactionIsolationLevel())
                .isNull();
    }

    private BatchTransaction.Running begun(PlatformTransactionManager manager) {
        return new SpringTransaction(manager).begin(LIMIT);
    }

    private void insert(String text) {
        jdbc.update("insert into line values (?)", text);
    }

    private @Nullable Integer count() {
        return new JdbcTemplate(pool).queryForObject("select count(*) from line", Integer.class);
    }

    @Test
    void whatIsCommittedStays() throws Exception {
        BatchTransaction.Running group = begun(translating);
        insert("a");
        new TransactionTemplate(translating).executeWithoutResult(inner -> insert("b"));
        assertThat(count()).as("seen outside").isZero();
        group.commit();
        assertThat(count()).isEqualTo(2);
    }

    @Test
    void whatIsRolledBackIsGone() throws Exception {
        BatchTransaction.Running group = begun(translating);
        insert("a");
        new TransactionTemplate(translating).executeWithoutResult(inner -> insert("b"));
        group.rollback();
        assertThat(count()).isZero();
    }

    @Test
    void aTransactionThatIsMarkedIsNotCommitted() {
        BatchTransaction.Running group = begun(translating);
        insert("a");
        new TransactionTemplate(translating).executeWithoutResult(TransactionStatus::setRollbackOnly);
        assertThatThrownBy(group::commit).isInstanceOf(RolledBackException.class);
        assertThat(count()).isZero();
    }

    /** How a commit that fails is understood, with Spring Boot's manager and the older one that does not roll back then. */
    @ParameterizedTest
    @CsvSource({
        "true,  23505, true",
        "true,  40001, true",
        "true,  40003, false",
        "true,  42501, true",
        "true,  P0001, false",
        "true,  '',    false",
        "true,  08006, false",
        "false, 23505, true",
        "false, 40001, true",
        "false, 40003, false",
        "false, 42501, false",
        "false, P0001, false",
        "false, '',    false",
        "false, 08006, false",
    })
    void aCommitThatFailsIsCertainWhereTheDatabaseOrARollbackSaysSo(
            boolean translates, String state, boolean nothingRemains) {
        BatchTransaction.Running group = begun(translates ? translating : plain);
        failing.put("commit", state);
        // Whoever gets the connection next must not commit it.
        failing.put("setAutoCommit", "08003");
        assertThatThrownBy(group::commit)
                .matches(
                        e -> e instanceof RolledBackException == nothingRemains,
                        "known to be nothing: " + nothingRemains);
        failing.clear();
    }

    @Test
    void aCommitAndARollbackThatFailLeaveItInDoubt() {
        BatchTransaction.Running group = begun(translating);
        failing.put("commit", "42501");
        failing.put("rollback", "");
        assertThatThrownBy(group::commit).isNotInstanceOf(RolledBackException.class);
    }

    @Test
    void aRollbackThatFailsIsReported() {
        BatchTransaction.Running group = begun(translating);
        failing.put("rollback", "08006");
        assertThatThrownBy(group::rollback).hasRootCauseInstanceOf(SQLException.class);
    }

    @Test
    void whatRefusesBeforeTheCommitLeavesNothing() {
        BatchTransaction.Running group = begun(translating);
        insert("a");
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void beforeCommit(boolean readOnly) {
                throw new IllegalStateException("refused");
            }
        });
        assertThatThrownBy(group::commit)
                .isInstanceOf(RolledBackException.class)
                .hasRootCauseMessage("refused");
        assertThat(count()).isZero();
    }

    @Test
    void whatFailsAfterTheCommitChangesNothing() throws Exception {
        BatchTransaction.Running group = begun(translating);
        insert("a");
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                throw new IllegalStateException("too late");
            }
        });
        group.commit();
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void withoutATransactionToBeHadNoneIsLeft() {
        failing.put("setAutoCommit", "08006");
        assertThatThrownBy(() -> begun(translating)).isInstanceOf(CannotCreateTransactionException.class);
    }

    @Test
    void aTransactionInFrontOfTheBatchIsSuspendedAndHasNoPart() {
        TransactionTemplate inFront = new TransactionTemplate(translating);
        inFront.setName("in front");
        inFront.executeWithoutResult(outer -> {
            BatchTransaction.Running group = begun(translating);
            assertThat(TransactionSynchronizationManager.getCurrentTransactionName())
                    .isEqualTo("multistatus.group");
            insert("a");
            assertThat(jdbc.queryForObject("select count(*) from line", Integer.class))
                    .isEqualTo(1);
            outer.setRollbackOnly();
            commitUnchecked(group);
            assertThat(TransactionSynchronizationManager.getCurrentTransactionName())
                    .isEqualTo("in front");
        });
        assertThat(count()).isEqualTo(1);
    }

    private static void commitUnchecked(BatchTransaction.Running group) {
        try {
            group.commit();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PT0.001S, 1",
        "PT1S,     1",
        "PT1.001S, 2",
        "PT60S,    60",
        "P365D,    2147483",
    })
    void theLimitIsTheTimeoutInFullSeconds(Duration limit, int seconds) throws Exception {
        StubManager manager = new StubManager();
        new SpringTransaction(manager).begin(limit).rollback();
        assertThat(manager.begun.getTimeout()).isEqualTo(seconds);
        assertThat(manager.begun.getName()).isEqualTo("multistatus.group");
        assertThat(manager.begun.getPropagationBehavior()).isEqualTo(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /** As the manager of JPA does it: whatever failed, its rollback finds nothing to do and so does not fail. */
    @ParameterizedTest
    @CsvSource({"23505, true", "08006, false", "57P01, false", "'', false"})
    void belowJpaOnlyTheDatabasesOwnWordCounts(String state, boolean nothingRemains) {
        StubManager manager = new StubManager();
        manager.onCommit = new IllegalStateException(
                new IllegalStateException(new SQLException("on purpose", state.isEmpty() ? null : state)));
        BatchTransaction.Running group = begun(manager);
        assertThatThrownBy(group::commit)
                .matches(
                        e -> e instanceof RolledBackException == nothingRemains,
                        "known to be nothing: " + nothingRemains);
    }

    @Test
    void anExceptionThatTellsNothingLeavesItInDoubt() {
        StubManager manager = new StubManager();
        manager.onCommit = new TransactionSystemException("on purpose");
        BatchTransaction.Running group = begun(manager);
        assertThatThrownBy(group::commit).isSameAs(manager.onCommit);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aManagerWithoutSynchronizationServesToo(boolean commits) throws Exception {
        DataSourceTransactionManager quiet = new DataSourceTransactionManager(source);
        quiet.setTransactionSynchronization(AbstractPlatformTransactionManager.SYNCHRONIZATION_NEVER);
        BatchTransaction.Running group = begun(quiet);
        insert("a");
        if (commits) {
            group.commit();
        } else {
            group.rollback();
        }
        assertThat(count()).isEqualTo(commits ? 1 : 0);
    }

    /** Transactions of nothing. */
    private static final class StubManager extends AbstractPlatformTransactionManager {
        private static final long serialVersionUID = 1L;

        transient TransactionDefinition begun = new DefaultTransactionDefinition();

        @Nullable
        RuntimeException onCommit;

        @Override
        protected Object doGetTransaction() {
            return new Object();
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {
            begun = definition;
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            if (onCommit != null) {
                throw onCommit;
            }
        }

        @Override
        protected void doRollback(DefaultTransactionStatus status) {}
    }
}
