package io.multistatus.atomicity;

import static io.multistatus.support.Envelopes.statuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multistatus.AtomicityChoice;
import io.multistatus.BatchConfig;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can go wrong with groups on PostgreSQL in particular: at the commit, and with the connection. */
@Tag("container")
@Tag("atomicity")
class PostgresAtomicityIT extends AtomicityContract {

    @Override
    TestDatabase open() throws SQLException {
        return TestDatabase.postgres();
    }

    private static String ask(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private void kill(String process) throws SQLException {
        database.query("select pg_terminate_backend(" + process + ")");
    }

    @Test
    void aConstraintThatIsLookedAtOnlyInTheEndLeavesNothing() throws Exception {
        database.execute("alter table line add constraint late unique (text) deferrable initially deferred");
        database.execute("alter table line drop constraint line_text_key");
        serve();

        HttpResponse<String> response = server.post(member("1", "lines/a"), member("2", "lines/a?own"));

        assertThat(statuses(response)).containsExactly(424, 424);
        assertThat(type(response, "1")).isEqualTo("commit-failed");
        assertThat(database.lines()).isEmpty();
    }

    @Test
    void ofTwoGroupsThatCannotBeSerializedExactlyOneStays() throws Exception {
        CyclicBarrier bothHaveRead = new CyclicBarrier(2);
        handlers.put("read", (request, response) -> {
            try (Connection connection = shop.getConnection()) {
                connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
                assertThat(ask(connection, "select count(*) from line")).isEqualTo("0");
                bothHaveRead.await();
            }
        });
        serve();

        CompletableFuture<HttpResponse<String>> first = server.postAsync(member("r", "read"), member("w", "lines/a"));
        CompletableFuture<HttpResponse<String>> second = server.postAsync(member("r", "read"), member("w", "lines/b"));

        boolean firstStays = statuses(first.get()).equals(List.of(200, 201));
        HttpResponse<String> loser = firstStays ? second.get() : first.get();
        assertThat(statuses(loser)).startsWith(424).doesNotContain(201);
        assertThat(database.lines()).containsExactly(firstStays ? "a" : "b");
    }

    @ParameterizedTest
    @CsvSource({
        // The handler tells of it.
        "false, true, 424, rolled-back",
        // The handler tells nobody, but it has met it.
        "true, true, 424, commit-failed",
        // Nobody has met it when the commit begins.
        "true, false, 500, commit-in-doubt",
    })
    void aConnectionThatBreaksInTheMiddleLeavesNothing(boolean silent, boolean met, int status, String type)
            throws Exception {
        handlers.put("break", (request, response) -> {
            try (Connection connection = shop.getConnection()) {
                insert(connection, "b");
                String process = ask(connection, "select pg_backend_pid()");
                kill(process);
                await().until(() -> database.query("select 1 from pg_stat_activity where pid = " + process)
                        .isEmpty());
                if (met) {
                    insert(connection, "c");
                }
            } catch (SQLException e) {
                if (!silent) {
                    throw e;
                }
            }
        });
        serve();

        HttpResponse<String> response = server.post(member("1", "lines/a"), member("2", "break"));

        assertThat(statuses(response)).containsExactly(status, silent ? status : 500);
        assertThat(type(response, "1")).isEqualTo(type);
        assertThat(database.lines()).isEmpty();
    }

    /** A commit waits for the test, in a trigger that is put off to the commit. */
    private void holdCommits(Connection holder) throws SQLException {
        database.execute("""
                create function hold() returns trigger as $$
                begin perform pg_advisory_xact_lock(4711); return null; end $$ language plpgsql""");
        database.execute("create constraint trigger held after insert on line deferrable initially deferred"
                + " for each row execute function hold()");
        ask(holder, "select pg_advisory_lock(4711)");
    }

    private String processOfHeldCommit() {
        return await().until(
                        () -> database.query("select pid from pg_stat_activity where wait_event = 'advisory'"
                                + " and query ilike 'commit%'"
                                + " and application_name = current_setting('application_name')"),
                        processes -> !processes.isEmpty())
                .get(0);
    }

    @Test
    void aConnectionThatBreaksInTheCommitLeavesDoubtAndSaysSo() throws Exception {
        serve();
        try (Connection holder = database.direct().getConnection()) {
            holdCommits(holder);
            CompletableFuture<HttpResponse<String>> post =
                    server.postAsync(member("1", "lines/a"), member("2", "lines/b"));
            kill(processOfHeldCommit());

            assertThat(statuses(post.get())).containsExactly(500, 500);
            assertThat(type(post.get(), "1")).isEqualTo("commit-in-doubt");
        }
        assertThat(database.lines()).as("all or nothing").isEmpty();
    }

    @Test
    void aCommitThatTakesTooLongIsInDoubtAndAllOrNothing() throws Exception {
        serve(BatchConfig.builder().atomicity(AtomicityChoice.JDBC).itemTimeout(Duration.ofMillis(500)));
        try (Connection holder = database.direct().getConnection()) {
            holdCommits(holder);

            HttpResponse<String> response = server.post(member("1", "lines/a"), member("2", "lines/b"));

            assertThat(statuses(response)).containsExactly(504, 504);
            assertThat(type(response, "1")).isEqualTo("commit-in-doubt");
            assertThat(database.lines()).isEmpty();
        }
        await().untilAsserted(() -> assertThat(database.lines()).containsExactly("a", "b"));
    }
}
