package io.multistatus.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multistatus.atomicity.TestDatabase;
import io.multistatus.event.CapturedLog;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What handlers may do with a connection of their group, and what does not get through to others. All of a test is done on
 * one thread, as all of a group is.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SAME_THREAD)
abstract class GroupConnectionContract {
    TestDatabase database;
    TransactionalDataSource shop;
    BatchTransaction.Running group;

    abstract TestDatabase open() throws SQLException;

    @BeforeEach
    final void begin() throws Exception {
        database = open();
        shop = new TransactionalDataSource(database.pool());
        group = new JdbcTransaction().begin(Duration.ofSeconds(10));
    }

    @AfterEach
    final void everythingIsBack() throws Exception {
        try {
            if (GroupConnection.current().isPresent()) {
                group.rollback();
            }
            database.assertPoolIsClean();
        } finally {
            database.close();
        }
    }

    final void assertCannotBeCommitted(String reason) throws Exception {
        assertThatThrownBy(group::commit)
                .isInstanceOf(BatchTransaction.RolledBackException.class)
                .hasStackTraceContaining(reason);
        assertThat(database.lines()).isEmpty();
    }

    static void insert(Connection connection, String text) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into line values (?)")) {
            insert.setString(1, text);
            insert.executeUpdate();
        }
    }

    @Test
    final void aGroupThatHasUsedNoConnectionIsLogged() throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            group.commit();
            assertThat(log.lines(GroupConnection.class.getName()))
                    .singleElement()
                    .asString()
                    .contains("TransactionalDataSource");
        }

        group = new JdbcTransaction().begin(Duration.ofSeconds(10));
        try (CapturedLog log = new CapturedLog()) {
            try (Connection connection = shop.getConnection()) {
                insert(connection, "a");
            }
            group.commit();
            assertThat(log.lines(GroupConnection.class.getName())).isEmpty();
        }
    }

    @Test
    final void allConnectionsAreOneTransactionOnOneOfThePools() throws Exception {
        try (Connection first = shop.getConnection()) {
            insert(first, "a");
            try (Connection second = shop.getConnection()) {
                assertThat(second).isNotEqualTo(first);
                assertThatThrownBy(() -> insert(second, "a")).isInstanceOf(SQLException.class);
                insert(second, "b");
            }
            insert(first, "c");
        }
        assertThat(database.active()).isEqualTo(1);
        assertThat(database.lines()).isEmpty();
        group.commit();

        assertThat(database.lines()).containsExactly("a", "b", "c");
    }

    @Test
    final void autoCommitSwitchedOnInTheMiddleCommitsWhatWasBefore() throws Exception {
        try (Connection connection = shop.getConnection()) {
            connection.setAutoCommit(false);
            insert(connection, "a");
            connection.setAutoCommit(true);
            insert(connection, "b");
            assertThatThrownBy(connection::rollback).isInstanceOf(SQLException.class);
            assertThatThrownBy(connection::setSavepoint).isInstanceOf(SQLException.class);
            connection.setAutoCommit(false);
            insert(connection, "c");
            connection.rollback();
            insert(connection, "d");
        }
        group.commit();

        assertThat(database.lines()).containsExactly("a", "b");
    }

    @Test
    final void aHandlerCanGoBackToItsLastCommitAndToItsSavepoints() throws Exception {
        try (Connection connection = shop.getConnection()) {
            connection.setAutoCommit(false);
            for (String text : new String[] {"a", "b", "c"}) {
                insert(connection, text);
                connection.commit();
            }
            insert(connection, "d");
            Savepoint afterD = connection.setSavepoint();
            insert(connection, "e");
            connection.rollback(afterD);
            connection.commit();
            insert(connection, "f");
            connection.rollback();
        }
        group.commit();

        assertThat(database.lines()).containsExactly("a", "b", "c", "d");
    }

    @Test
    final void aConnectionCanBeClosedTwiceAndIsClosedThen() throws Exception {
        Connection connection = shop.getConnection();
        Statement left = connection.createStatement();
        ResultSet rows = left.executeQuery("select text from line");
        insert(connection, "a");
        connection.close();
        connection.close();

        assertThat(connection.isClosed()).isTrue();
        assertThat(connection.isValid(1)).isFalse();
        assertThat(left.isClosed()).isTrue();
        assertThat(rows.isClosed()).isTrue();
        assertThatThrownBy(connection::createStatement).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> left.executeUpdate("delete from line")).isInstanceOf(SQLException.class);
        group.commit();
        connection.close();
        left.close();
        assertThat(database.lines()).containsExactly("a");
    }

    @Test
    final void aResultCanBeReadAcrossACommitOfTheHandler() throws Exception {
        try (Connection connection = shop.getConnection()) {
            connection.setAutoCommit(false);
            insert(connection, "a");
            insert(connection, "b");
            try (PreparedStatement select = connection.prepareStatement(
                    "select text from line order by text",
                    ResultSet.TYPE_FORWARD_ONLY,
                    ResultSet.CONCUR_READ_ONLY,
                    ResultSet.HOLD_CURSORS_OVER_COMMIT)) {
                select.setFetchSize(1);
                ResultSet rows = select.executeQuery();
                assertThat(rows.next()).isTrue();
                connection.commit();
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("b");
            }
        }
        group.commit();
    }

    @Test
    final void noWayLeadsToTheConnectionOfThePool() throws Exception {
        try (Connection connection = shop.getConnection();
                Statement statement = connection.createStatement();
                PreparedStatement prepared = connection.prepareStatement("select 1");
                ResultSet rows = statement.executeQuery("select 1");
                ResultSet tables = connection.getMetaData().getTables(null, null, null, null)) {
            assertThat(statement.getConnection()).isSameAs(connection);
            assertThat(prepared.getConnection()).isSameAs(connection);
            assertThat(rows.getStatement()).isSameAs(statement);
            assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
            if (tables.getStatement() != null) {
                assertThat(tables.getStatement().getConnection()).isSameAs(connection);
            }
            assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
            assertThat(connection.isWrapperFor(Connection.class)).isTrue();
            assertThat(statement.unwrap(Statement.class)).isSameAs(statement);
        }
        assertThat(shop.unwrap(DataSource.class)).isSameAs(shop);
        assertThat(shop.isWrapperFor(DataSource.class)).isTrue();
        assertThat((DataSource) shop.unwrap(database.pool().getClass())).isSameAs(database.pool());
    }

    @Test
    final void anotherUserAndAnotherDataSourceAreRefused() throws Exception {
        try (Connection connection = shop.getConnection()) {
            insert(connection, "a");
        }
        assertThatThrownBy(() -> shop.getConnection("other", "secret"))
                .isInstanceOf(SQLFeatureNotSupportedException.class);
        assertThatThrownBy(() -> new TransactionalDataSource(database.direct()).getConnection())
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("another data source");
        assertThat(database.active()).isEqualTo(1);
    }

    @Test
    final void oneAroundTheOtherIsOneDataSource() throws Exception {
        try (Connection connection = new TransactionalDataSource(shop).getConnection()) {
            insert(connection, "a");
        }
        assertThat(database.active()).isEqualTo(1);
        group.commit();

        assertThat(database.lines()).containsExactly("a");
    }

    @Test
    final void aDataSourceWithoutAutoCommitGivesConnectionsWithout() throws Exception {
        database.pool().getConnection().close();
        DataSource manual = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    Connection connection = database.direct().getConnection();
                    connection.setAutoCommit(false);
                    return connection;
                });
        try (Connection connection = new TransactionalDataSource(manual).getConnection()) {
            assertThat(connection.getAutoCommit()).isFalse();
            insert(connection, "a");
            connection.commit();
            insert(connection, "b");
        }
        group.commit();

        assertThat(database.lines()).containsExactly("a");
    }

    @Test
    final void aStricterIsolationCanBeHadBeforeTheFirstStatementOnly() throws Exception {
        try (Connection connection = shop.getConnection()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            connection.setAutoCommit(false);
            assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
            insert(connection, "a");
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
            connection.commit();
        }
        group.commit();
        assertThat(database.lines()).containsExactly("a");
        database.assertPoolIsClean();

        group = new JdbcTransaction().begin(Duration.ofSeconds(10));
        try (Connection connection = shop.getConnection()) {
            insert(connection, "b");
            assertThatThrownBy(() -> connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("has begun");
        }
        group.rollback();
        assertThat(database.lines()).as("nothing was committed on the way").containsExactly("a");
    }

    @Test
    final void whatAHandlerSetsTheNextOneFindsAsItWas() throws Exception {
        String schema = database.newSchema();
        String before;
        try (Connection connection = shop.getConnection()) {
            before = connection.getSchema();
            connection.setSchema(schema);
            connection.setHoldability(ResultSet.CLOSE_CURSORS_AT_COMMIT);
            assertThat(connection.getSchema()).isEqualTo(schema);
            assertThatThrownBy(() -> connection.setReadOnly(true)).isInstanceOf(SQLFeatureNotSupportedException.class);
            connection.setReadOnly(false);
        }
        try (Connection connection = shop.getConnection()) {
            assertThat(connection.getSchema()).isEqualTo(before);
            insert(connection, "a");
        }
        group.commit();

        assertThat(database.lines()).containsExactly("a");
    }

    @Test
    final void whatASecondConnectionHasDoneIsNotUndoneUnnoticed() throws Exception {
        try (Connection order = shop.getConnection();
                Connection journal = shop.getConnection()) {
            order.setAutoCommit(false);
            insert(order, "a");
            insert(journal, "to stay, as its handler thinks");
            order.rollback();
        }

        assertCannotBeCommitted("several connections");
    }

    @Test
    final void twoConnectionsMayBothCommitInAnyOrder() throws Exception {
        try (Connection first = shop.getConnection();
                Connection second = shop.getConnection()) {
            first.setAutoCommit(false);
            second.setAutoCommit(false);
            insert(first, "a");
            insert(second, "b");
            first.commit();
            insert(first, "c");
            second.commit();
            first.commit();
        }
        group.commit();

        assertThat(database.lines()).containsExactly("a", "b", "c");
    }

    @Test
    final void aTransactionThatAHandlerHasLeftOpenIsNotCommitted() throws Exception {
        Connection left = shop.getConnection();
        left.setAutoCommit(false);
        insert(left, "a");

        assertCannotBeCommitted("has left a connection open");
    }

    @Test
    final void aConnectionThatIsAbortedTakesItsGroupWithIt() throws Exception {
        try (Connection connection = shop.getConnection()) {
            insert(connection, "a");
            connection.abort(Runnable::run);
            assertThat(connection.isClosed()).isTrue();
        }

        assertCannotBeCommitted("aborted");
    }

    @Test
    final void anotherThreadMayWorkOnAConnectionWhileTheGroupRunsAndNotLater() throws Exception {
        Connection connection = shop.getConnection();
        PreparedStatement insert = connection.prepareStatement("insert into line values (?)");
        insert.setString(1, "b");
        CountDownLatch over = new CountDownLatch(1);
        onAnotherThread(() -> insert(connection, "a")).get();
        CompletableFuture<Void> later = onAnotherThread(() -> {
            over.await();
            insert.executeUpdate();
        });
        group.commit();
        over.countDown();

        assertThatThrownBy(later::get).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(SQLException.class);
        assertThatThrownBy(() -> insert(connection, "c")).isInstanceOf(SQLException.class);
        assertThat(connection.isClosed()).isTrue();
        assertThat(database.lines()).containsExactly("a");
    }

    @Test
    final void anotherThreadThatAsksForAConnectionHasOneOfItsOwn() throws Exception {
        try (Connection connection = shop.getConnection()) {
            insert(connection, "a");
        }
        onAnotherThread(() -> {
                    try (Connection own = shop.getConnection()) {
                        insert(own, "b");
                    }
                })
                .get();
        group.rollback();

        assertThat(database.lines()).containsExactly("b");
    }

    private interface Step {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> onAnotherThread(Step step) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Runnable task = () -> {
            try {
                step.run();
                done.complete(null);
            } catch (Exception e) {
                done.completeExceptionally(e);
            }
        };
        new Thread(task, "of-the-handler").start();
        return done;
    }

    @Test
    final void aGroupThatHasBeenGivenUpDoesNothingMore() throws Exception {
        Connection connection = shop.getConnection();
        connection.setAutoCommit(false);
        insert(connection, "a");
        group.abandon();

        assertThatThrownBy(() -> insert(connection, "b")).hasMessageContaining("given up");
        assertThatThrownBy(connection::commit).hasMessageContaining("given up");
        assertThatThrownBy(shop::getConnection).hasMessageContaining("given up");
        connection.close();
        group.rollback();
        assertThat(database.lines()).isEmpty();
    }
}
