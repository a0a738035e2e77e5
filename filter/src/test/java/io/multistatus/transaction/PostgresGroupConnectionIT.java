package io.multistatus.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multistatus.atomicity.TestDatabase;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class PostgresGroupConnectionIT extends GroupConnectionContract {

    @Override
    TestDatabase open() throws SQLException {
        return TestDatabase.postgres();
    }

    private static void copy(Connection connection, String text) throws Exception {
        connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("copy line from stdin", new StringReader(text + "\n"));
    }

    @Test
    void whatIsDoneWithTheDriversOwnConnectionBelongsToTheGroup() throws Exception {
        try (Connection connection = shop.getConnection()) {
            assertThat(connection.isWrapperFor(PGConnection.class)).isTrue();
            copy(connection, "a");
        }
        try (Connection connection = shop.getConnection()) {
            connection.setAutoCommit(false);
            copy(connection, "b");
            connection.commit();
            copy(connection, "c");
            connection.rollback();
            copy(connection, "d");
        }
        assertThat(database.lines()).isEmpty();
        group.commit();

        assertThat(database.lines()).containsExactly("a", "b");
    }

    @Test
    void aCommitOfAHandlerWhoseTransactionHasFailedFails() throws Exception {
        try (Connection connection = shop.getConnection()) {
            insert(connection, "a");
            connection.setAutoCommit(false);
            insert(connection, "b");
            assertThatThrownBy(() -> insert(connection, "a")).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> insert(connection, "c"))
                    .as("as PostgreSQL does it")
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
            insert(connection, "d");
            connection.commit();
        }
        group.commit();

        assertThat(database.lines()).containsExactly("a", "d");
    }

    @Test
    void eachWayToExecuteAStatementIsOneThatMayFail() throws Exception {
        try (Connection connection = shop.getConnection();
                Statement statement = connection.createStatement();
                PreparedStatement prepared = connection.prepareStatement("insert into line values (?)")) {
            prepared.setString(1, null);
            assertThatThrownBy(prepared::execute).isInstanceOf(SQLException.class);
            prepared.addBatch();
            assertThatThrownBy(prepared::executeBatch).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> statement.executeQuery("select nonsense")).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> statement.executeLargeUpdate("nonsense")).isInstanceOf(SQLException.class);
            insert(connection, "a");
        }
        group.commit();

        assertThat(database.lines()).containsExactly("a");
    }

    /** Other databases undo the whole transaction then, and the handler does not know. */
    @Test
    void aDeadlockThatAHandlerDoesNotTellOfIsNotCommitted() throws Exception {
        database.execute("create table stock (id int primary key, count int)");
        database.execute("insert into stock values (1, 5), (2, 5)");
        try (Connection other = database.direct().getConnection();
                Statement ofOther = other.createStatement();
                Connection connection = shop.getConnection();
                Statement statement = connection.createStatement()) {
            ofOther.execute("set deadlock_timeout = '1h'");
            statement.execute("set deadlock_timeout = '10ms'");
            other.setAutoCommit(false);
            ofOther.executeUpdate("update stock set count = 1 where id = 2");
            insert(connection, "a");
            statement.executeUpdate("update stock set count = 4 where id = 1");
            Thread waiting = new Thread(() -> {
                try {
                    ofOther.executeUpdate("update stock set count = 1 where id = 1");
                    other.rollback();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            waiting.start();
            assertThatThrownBy(() -> statement.executeUpdate("update stock set count = 4 where id = 2"))
                    .hasMessageContaining("deadlock");
            insert(connection, "b");

            assertCannotBeCommitted("deadlock");
            waiting.join();
        }
    }
}
