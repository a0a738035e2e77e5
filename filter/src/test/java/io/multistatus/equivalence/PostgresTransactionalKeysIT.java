package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multistatus.atomicity.TestDatabase;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The same, and what needs a database of several processes. */
class PostgresTransactionalKeysIT extends TransactionalKeysContract {

    @Override
    TestDatabase open() throws SQLException {
        return TestDatabase.postgres();
    }

    @Test
    void aConstraintThatIsLookedAtInTheEndLeavesNothing() throws Exception {
        database.execute("create table once (number int unique deferrable initially deferred)");
        handlers.put("twice", (request, response) -> {
            try (Connection connection = shop.getConnection();
                    Statement statement = connection.createStatement()) {
                insert(connection, "a#" + ran.incrementAndGet());
                statement.execute("insert into once values (1)");
                if (ran.get() == 1) {
                    statement.execute("insert into once values (1)");
                }
            }
        });
        serve();
        assertProblem(post("twice", "", KEY, "k"), 500, "commit-failed");
        assertThat(database.lines()).isEmpty();
        assertThat(post("twice", "", KEY, "k").statusCode()).isEqualTo(200);
        assertThat(database.lines()).containsExactly("a#2");
    }

    @Test
    void aConnectionThatBreaksInTheCommitIsAskedAfter() throws Exception {
        database.execute("""
                create function hold() returns trigger as $$
                begin perform pg_advisory_xact_lock(4712); return null; end $$ language plpgsql""");
        database.execute("create constraint trigger held after insert on line deferrable initially deferred"
                + " for each row execute function hold()");
        serve();
        try (Connection holder = database.direct().getConnection();
                Statement statement = holder.createStatement()) {
            statement.execute("select pg_advisory_lock(4712)");
            CompletableFuture<HttpResponse<String>> post = postLater("a");
            List<String> process = await().until(
                            () -> database.query("select pid from pg_stat_activity where wait_event = 'advisory'"
                                    + " and query ilike 'commit%'"
                                    + " and application_name = current_setting('application_name')"),
                            found -> !found.isEmpty());
            statement.execute("select pg_terminate_backend(" + process.get(0) + ")");
            assertProblem(post.get(), 503, "commit-failed");
            assertThat(database.lines()).isEmpty();
        }
        assertThat(postLine("a").body()).isEqualTo("a#2");
    }
}
