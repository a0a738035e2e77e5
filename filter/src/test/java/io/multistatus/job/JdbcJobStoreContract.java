package io.multistatus.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multistatus.atomicity.TestDatabase;
import io.multistatus.format.Dialect;
import io.multistatus.job.JobStore.Lease;
import io.multistatus.model.Batch;
import io.multistatus.model.Headers;
import io.multistatus.model.Subrequest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What stores in a database do: several, as of several nodes, on the same tables. */
abstract class JdbcJobStoreContract extends JobStoreContract {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofSeconds(3);

    private final List<JdbcJobStore> stores = new ArrayList<>();
    private @Nullable TestDatabase started;

    abstract TestDatabase start() throws SQLException;

    @BeforeEach
    void createTables() throws SQLException {
        started = start();
        JdbcJobStore.createTables(database().direct(), JdbcJobStore.TABLE);
        JdbcJobStore.createTables(database().direct(), JdbcJobStore.TABLE);
    }

    private TestDatabase database() {
        return Objects.requireNonNull(started);
    }

    @AfterEach
    void stop() throws SQLException {
        stores.forEach(JdbcJobStore::close);
        if (started != null) {
            started.assertPoolIsClean();
            started.close();
        }
    }

    @Override
    JobStore store() {
        return store(database().pool(), LONG);
    }

    private JdbcJobStore store(DataSource source, Duration lease) {
        JdbcJobStore store = new JdbcJobStore(source, JdbcJobStore.TABLE, lease);
        stores.add(store);
        return store;
    }

    /** As if all leases had run out a while ago. */
    private void loseLeases() throws SQLException {
        database().execute("update " + JdbcJobStore.TABLE + " set lease_until = lease_until - 1000000");
    }

    @Test
    void anyNodeAnswersForAnyJob() throws Exception {
        JobStore one = store();
        JobStore other = store();
        Job job = running(one, 2);
        one.record(job.id(), List.of(answer(1, 404)));
        assertThat(other.find(job.id())).isEqualTo(one.find(job.id())).isPresent();
        assertThat(Written.out(other.content(job.id()).orElseThrow().batch())).isEqualTo(Written.out(job.batch()));
        assertThat(answers(other, job)).isEqualTo(Written.out(Map.of(1, answer(1, 404))));
    }

    @Test
    void onlyItsNodeRunsAJob() throws Exception {
        JobStore one = store();
        JobStore other = store();
        Job job = job(1);
        one.create(job, HOUR);
        assertThat(other.begin(job.id())).isFalse();
        assertThat(one.begin(job.id())).isTrue();
        assertThat(other.record(job.id(), List.of(answer(0, 200)))).isFalse();
        assertThat(other.renew(List.of(job.id()))).isEqualTo(Map.of(job.id(), Lease.LOST));
        other.end(job.id(), JobState.DONE, HOUR);
        other.delete(job.id());
        JobStatus status = status(one, job);
        assertThat(status.state()).isEqualTo(JobState.RUNNING);
        assertThat(status.completed()).isZero();
    }

    @Test
    void aJobIsCancelledByAnyNode() throws Exception {
        JobStore one = store();
        JobStore other = store();
        Job job = running(one, 1);
        assertThat(other.cancel(job.id())).isTrue();
        assertThat(one.renew(List.of(job.id()))).isEqualTo(Map.of(job.id(), Lease.CANCEL_REQUESTED));
        one.end(job.id(), JobState.CANCELLED, HOUR);
        assertThat(status(other, job).state()).isEqualTo(JobState.CANCELLED);
        other.delete(job.id());
        assertUnknown(one, job);
    }

    @Test
    void aJobWhoseNodeHasDiedIsInterrupted() throws Exception {
        JobStore dying = store(database().pool(), SHORT);
        JobStore other = store();
        Job running = running(dying, 3);
        Job queued = job(1);
        dying.create(queued, HOUR);
        dying.record(running.id(), List.of(answer(0, 200), answer(2, 500)));
        dying.close();

        await().until(() -> status(other, running).state() == JobState.INTERRUPTED);
        await().until(() -> status(other, queued).state() == JobState.INTERRUPTED);
        JobStatus status = status(other, running);
        assertThat(status.succeeded()).isEqualTo(1);
        assertThat(status.failed()).isEqualTo(1);
        assertThat(answers(other, running)).isEqualTo(Written.out(Map.of(0, answer(0, 200), 2, answer(2, 500))));

        assertLost(dying, running);
        assertThat(dying.begin(queued.id())).isFalse();
        assertThat(status(other, running)).isEqualTo(status);
        assertThat(answers(other, running)).hasSize(2);
    }

    @Test
    void aLeaseThatHasRunOutIsLostBeforeAnybodyAsks() throws Exception {
        JobStore store = store();
        Job job = running(store, 2);
        Job cancelled = running(store, 1);
        store.record(job.id(), List.of(answer(0, 200)));
        loseLeases();
        assertLost(store, job);
        assertThat(store.cancel(cancelled.id())).isFalse();
        JobStatus status = status(store, job);
        assertThat(status.state()).isEqualTo(JobState.INTERRUPTED);
        assertThat(status.completed()).isEqualTo(1);
        store.delete(cancelled.id());
        assertUnknown(store, cancelled);
    }

    private static void assertLost(JobStore store, Job job) throws Exception {
        assertThat(store.renew(List.of(job.id()))).isEqualTo(Map.of(job.id(), Lease.LOST));
        assertThat(store.record(job.id(), List.of(answer(1, 200)))).isFalse();
        assertThat(store.begin(job.id())).isFalse();
        assertThat(store.cancel(job.id())).isFalse();
        store.end(job.id(), JobState.DONE, HOUR);
    }

    @Test
    void aLeaseThatIsRenewedHolds() throws Exception {
        JobStore store = store(database().pool(), SHORT);
        Job job = running(store, 1);
        Job forgotten = running(store, 1);
        await().until(() -> {
            assertThat(store.renew(List.of(job.id()))).isEqualTo(Map.of(job.id(), Lease.HELD));
            return status(store, forgotten).state() == JobState.INTERRUPTED;
        });
        assertThat(store.record(job.id(), List.of(answer(0, 200)))).isTrue();
        assertThat(status(store, job).state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void manyLeasesAreRenewedAtOnce() throws Exception {
        JobStore store = store();
        List<JobId> own = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            own.add(running(store, 1).id());
        }
        for (int i = 0; i < 2_000; i++) {
            own.add(JobId.random());
        }
        Map<JobId, Lease> leases = store.renew(own);
        assertThat(leases).hasSize(2_003);
        for (int i = 0; i < own.size(); i++) {
            assertThat(leases.get(own.get(i))).isEqualTo(i < 3 ? Lease.HELD : Lease.LOST);
        }
    }

    @Test
    void whoseTimeIsOverIsRemoved() throws Exception {
        JobStore store = store();
        Job job = running(store, 1);
        Job kept = running(store, 1);
        store.record(job.id(), List.of(answer(0, 200)));
        store.end(job.id(), JobState.DONE, Duration.ofMillis(1));
        await().until(() -> store.find(job.id()).isEmpty());

        store();
        await().until(() -> number("select count(*) from " + JdbcJobStore.TABLE) == 1);
        assertThat(number("select count(*) from " + JdbcJobStore.TABLE + "_content"))
                .isEqualTo(1);
        assertThat(store.find(kept.id())).isPresent();
    }

    private int number(String sql) throws SQLException {
        return Integer.parseInt(database().query(sql).get(0));
    }

    @Test
    void jobsMayBeLarge() throws Exception {
        JobStore store = store();
        int size = 10_000;
        Job job = running(store, size);
        List<JobAnswer> answers = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            answers.add(answer(i, i % 4 == 0 ? 500 : 200));
        }
        store.record(job.id(), answers.subList(0, 6_000));
        store.record(job.id(), answers.subList(5_000, size));
        assertThat(status(store, job).succeeded()).isEqualTo(7_500);
        assertThat(status(store, job).failed()).isEqualTo(2_500);
        JobContent content = store.content(job.id()).orElseThrow();
        assertThat(Written.out(content.batch())).isEqualTo(Written.out(job.batch()));
        assertThat(content.answers()).hasSize(size);
        for (JobAnswer answer : answers) {
            assertThat(Written.out(Objects.requireNonNull(content.answers().get(answer.item()))))
                    .isEqualTo(Written.out(answer));
        }
    }

    @Test
    void bodiesMayBeLarge() throws Exception {
        JobStore store = store();
        byte[] large = new byte[3_000_000];
        new Random(7).nextBytes(large);
        Subrequest item =
                new Subrequest(0, null, "POST", "/x", Headers.empty(), ByteBuffer.wrap(large), List.of(), null, null);
        Job job = new Job(JobId.random(), "u:somebody", Dialect.NATIVE, "application/json", new Batch(List.of(item)));
        store.create(job, HOUR);
        store.begin(job.id());
        store.record(job.id(), List.of(answer(0, 200, large)));
        JobContent content = store.content(job.id()).orElseThrow();
        assertThat(content.batch().items().get(0).body()).isEqualTo(ByteBuffer.wrap(large));
        assertThat(Objects.requireNonNull(content.answers().get(0)).response().body())
                .isEqualTo(ByteBuffer.wrap(large));
    }

    /** When a connection is lost. */
    enum Loss {
        NEVER,
        WITH_THE_SECOND_ROWS,
        BEFORE_THE_COMMIT,
        AFTER_THE_COMMIT
    }

    @Test
    void whatIsLostWithItsConnectionIsNotHalfTaken() throws Exception {
        AtomicReference<Loss> loss = new AtomicReference<>(Loss.NEVER);
        JobStore store = store(losing(database().pool(), loss), LONG);
        Job job = running(store, 2_000);
        List<JobAnswer> answers = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            answers.add(answer(i, 200));
        }
        for (Loss each : List.of(Loss.WITH_THE_SECOND_ROWS, Loss.BEFORE_THE_COMMIT)) {
            loss.set(each);
            assertThatThrownBy(() -> store.record(job.id(), answers))
                    .isInstanceOf(JobStoreException.class)
                    .hasMessageContaining("take answers of job " + job.id())
                    .hasRootCauseMessage("lost on purpose");
            loss.set(Loss.NEVER);
            assertThat(status(store, job).completed()).isZero();
            assertThat(answers(store, job)).isEmpty();
        }
        loss.set(Loss.AFTER_THE_COMMIT);
        assertThatThrownBy(() -> store.record(job.id(), answers)).isInstanceOf(JobStoreException.class);
        loss.set(Loss.NEVER);
        assertThat(store.record(job.id(), answers)).isTrue();
        assertThat(status(store, job).succeeded()).isEqualTo(2_000);
        assertThat(answers(store, job)).hasSize(2_000);
    }

    private static DataSource losing(DataSource source, AtomicReference<Loss> loss) {
        return proxy(DataSource.class, source, (method, call) -> {
            Object result = call.result();
            return method.equals("getConnection") ? losing((Connection) Objects.requireNonNull(result), loss) : result;
        });
    }

    private static Connection losing(Connection connection, AtomicReference<Loss> loss) {
        int[] sent = new int[1];
        return proxy(Connection.class, connection, (method, call) -> {
            if (method.equals("prepareStatement")) {
                PreparedStatement statement = (PreparedStatement) Objects.requireNonNull(call.result());
                return proxy(PreparedStatement.class, statement, (called, inner) -> {
                    if (called.equals("executeBatch") && ++sent[0] == 2 && loss.get() == Loss.WITH_THE_SECOND_ROWS) {
                        lose(connection);
                    }
                    return inner.result();
                });
            }
            if (method.equals("commit") && loss.get() == Loss.BEFORE_THE_COMMIT) {
                lose(connection);
            }
            Object result = call.result();
            if (method.equals("commit") && loss.get() == Loss.AFTER_THE_COMMIT) {
                lose(connection);
            }
            return result;
        });
    }

    private static void lose(Connection connection) throws SQLException {
        connection.unwrap(Connection.class).abort(Runnable::run);
        throw new SQLException("lost on purpose", "08006");
    }

    private interface Call {
        @Nullable
        Object result() throws SQLException;
    }

    private interface Around {
        @Nullable
        Object call(String method, Call call) throws SQLException;
    }

    private static <T> T proxy(Class<T> type, T target, Around around) {
        return type.cast(Proxy.newProxyInstance(
                JdbcJobStoreContract.class.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> around.call(method.getName(), () -> {
                    try {
                        return method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        if (e.getCause() instanceof SQLException known) {
                            throw known;
                        }
                        throw new IllegalStateException(e.getCause());
                    } catch (IllegalAccessException e) {
                        throw new IllegalStateException(e);
                    }
                })));
    }

    @Test
    void whatIsNotReadableIsNamed() throws Exception {
        JobStore store = store();
        Job job = running(store, 1);
        store.record(job.id(), List.of(answer(0, 200)));
        try (Connection connection = database().direct().getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "update " + JdbcJobStore.TABLE + "_content set content = ? where item = 0")) {
            statement.setBytes(1, new byte[] {'A', 99});
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }
        assertThatThrownBy(() -> store.content(job.id()))
                .isInstanceOf(JobStoreException.class)
                .hasMessageContaining("read job " + job.id())
                .hasRootCauseMessage("it is of version 99, and only 1 is known (byte 2 of 2)");
    }
}
