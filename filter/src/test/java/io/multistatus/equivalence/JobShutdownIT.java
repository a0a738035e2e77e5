package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multistatus.JobConfig;
import io.multistatus.support.Envelopes;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The app stops while jobs are under way; another node, or the next process, knows of them. */
@Tag("container")
@Tag("jobs")
class JobShutdownIT extends JobContract {
    private final JdbcDataSource database = new JdbcDataSource();

    {
        database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    }

    @AfterEach
    void dropDatabase() throws Exception {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("shutdown");
        }
    }

    private Consumer<JobConfig.Builder> shared(Duration grace) {
        return jobs -> jobs.dataSource(database).createTable(true).maxRunning(1).grace(grace);
    }

    @Test
    void whatRunsMayEndAndTheRestIsInterrupted() throws Exception {
        HandlerHost first = startJobs(shared(Duration.ofSeconds(30)));
        String running = accepted(Envelopes.batch(item("a", "quick"), item("b", "late"), item("c", "quick")));
        await().until(() -> ran.get() == 2);
        String queued = accepted(Envelopes.batch(item("d", "quick")));
        CompletableFuture<Void> stopping = CompletableFuture.runAsync(() -> {
            try {
                first.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        HandlerHost second = startJobs(shared(Duration.ofSeconds(30)));
        awaitState(queued, "interrupted");
        assertThat(state(running)).isEqualTo("running");
        release.countDown();
        stopping.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(second).isSameAs(host);
        awaitState(running, "interrupted");
        assertThat(Envelopes.statuses(get(running))).containsExactly(200, 200, 503);
        assertThat(ids(failed(running))).containsExactly("c");
        assertThat(ids(failed(queued))).containsExactly("d");
        assertThat(Envelopes.statuses(get(queued))).containsExactly(503);
        assertThat(ran).hasValue(2);
        assertThat(Envelopes.statuses(batch(failed(queued)))).containsExactly(200);
        assertThat(delete(running).statusCode()).isEqualTo(204);
    }

    @Test
    void whatDoesNotEndInTimeIsGivenUp() throws Exception {
        HandlerHost first = startJobs(shared(Duration.ofMillis(200)));
        String running = accepted(Envelopes.batch(item("a", "quick"), item("b", "late"), item("c", "quick")));
        await().until(() -> ran.get() == 2);
        CompletableFuture<HttpResponse<Stream<String>>> told = newClient()
                .sendAsync(
                        at(running, "Accept", "text/event-stream").GET().build(), HttpResponse.BodyHandlers.ofLines());
        Stream<String> events = told.get(PATIENCE_SECONDS, TimeUnit.SECONDS).body();
        CompletableFuture<Void> stopping = CompletableFuture.runAsync(() -> {
            try {
                first.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        first.awaitEndOfFilter();
        startJobs(shared(Duration.ofMillis(200)));
        assertThat(state(running)).isEqualTo("interrupted");
        assertThat(Envelopes.statuses(get(running))).containsExactly(200, 503, 503);
        assertThat(ids(failed(running))).containsExactly("b", "c");
        release.countDown();
        stopping.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        awaitEnd(events);
        assertThat(ran).hasValue(2);
    }

    private static void awaitEnd(Stream<String> lines) {
        try {
            assertThat(lines.toList()).contains("retry: 1000");
        } catch (UncheckedIOException e) {
            // Jetty closes connections before it lets go of filters.
            assertThat(e).hasMessageContaining("closed");
        }
    }
}
