package io.multistatus.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multistatus.atomicity.TestDatabase;
import io.multistatus.idempotency.IdempotencyStore.Answered;
import io.multistatus.idempotency.IdempotencyStore.Claim;
import io.multistatus.idempotency.IdempotencyStore.Outcome;
import io.multistatus.model.Headers;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several stores, as of several processes, on one table. */
class JdbcIdempotencyStoreIT {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final ScopedKey KEY = new ScopedKey("u:somebody", "k");
    private static final Answered ANSWERED = new Answered(
            new Fingerprint("head", Fingerprint.Kind.WHOLE, 3, "body"),
            new StoredAnswer(
                    StoredAnswer.Kind.WRITTEN,
                    201,
                    null,
                    Headers.of("Location", "/a:b", "Link", "a", "Link", "", "X-Text", "\u00fc"),
                    new byte[] {0, -1, 10, 13}));

    private final List<JdbcIdempotencyStore> stores = new ArrayList<>();
    private @Nullable TestDatabase database;

    /** The databases that it is for. */
    enum Kind {
        H2,
        POSTGRESQL
    }

    private DataSource start(Kind kind) throws SQLException {
        TestDatabase started = kind == Kind.H2 ? TestDatabase.h2() : TestDatabase.postgres();
        database = started;
        JdbcIdempotencyStore.createTable(started.direct(), JdbcIdempotencyStore.TABLE);
        JdbcIdempotencyStore.createTable(started.direct(), JdbcIdempotencyStore.TABLE);
        return started.pool();
    }

    private JdbcIdempotencyStore store(DataSource source, Duration ttl, Duration lease) {
        JdbcIdempotencyStore store = new JdbcIdempotencyStore(source, JdbcIdempotencyStore.TABLE, ttl, lease);
        stores.add(store);
        return store;
    }

    @AfterEach
    void stop() {
        stores.forEach(JdbcIdempotencyStore::close);
        if (database != null) {
            database.close();
        }
    }

    private static Claim claimed(IdempotencyStore store) throws IdempotencyStoreException {
        return store.claim(KEY).claimed().orElseThrow();
    }

    private static List<String> lines(Headers headers) {
        List<String> lines = new ArrayList<>();
        headers.forEach((name, value) -> lines.add(name + "=" + value));
        return lines;
    }

    private static void assertAnswered(Outcome outcome) {
        Answered answered = Objects.requireNonNull(outcome.answered());
        assertThat(answered.fingerprint()).isEqualTo(ANSWERED.fingerprint());
        StoredAnswer answer = answered.answer();
        assertThat(answer.kind()).isEqualTo(StoredAnswer.Kind.WRITTEN);
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.text()).isNull();
        assertThat(lines(answer.headers())).isEqualTo(lines(ANSWERED.answer().headers()));
        assertThat(answer.body()).containsExactly(ANSWERED.answer().body());
    }

    @ParameterizedTest
    @EnumSource
    void processesThatStartAtOnceAllFindTheTable(Kind kind) throws Exception {
        DataSource source = start(kind);
        int nodes = 4;
        ExecutorService threads = Executors.newFixedThreadPool(nodes);
        try {
            for (int round = 0; round < 20; round++) {
                String table = "at_once_" + round;
                CyclicBarrier together = new CyclicBarrier(nodes);
                Callable<Void> node = () -> {
                    together.await(30, TimeUnit.SECONDS);
                    JdbcIdempotencyStore.createTable(source, table);
                    return null;
                };
                for (Future<Void> made : threads.invokeAll(Collections.nCopies(nodes, node))) {
                    made.get();
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatOneHasClaimedIsRunningForTheOthersUntilItIsAnswered(Kind kind) throws Exception {
        DataSource source = start(kind);
        JdbcIdempotencyStore one = store(source, DAY, LONG);
        JdbcIdempotencyStore other = store(source, DAY, LONG);
        Claim claim = claimed(one);
        assertThat(other.claim(KEY)).isEqualTo(Outcome.running());
        assertThat(other.claim(new ScopedKey("u:nobody", "k")).claimed()).isPresent();
        claim.complete(ANSWERED);
        assertAnswered(other.claim(KEY));
        one.close();
        assertAnswered(store(source, DAY, LONG).claim(KEY));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsReleasedIsFree(Kind kind) throws Exception {
        DataSource source = start(kind);
        JdbcIdempotencyStore one = store(source, DAY, LONG);
        claimed(one).release();
        assertThat(store(source, DAY, LONG).claim(KEY).claimed()).isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void ofAllThatAskAtTheSameInstantOneGetsIt(Kind kind) throws Exception {
        DataSource source = start(kind);
        List<JdbcIdempotencyStore> nodes =
                List.of(store(source, DAY, LONG), store(source, DAY, LONG), store(source, DAY, LONG));
        ExecutorService threads = Executors.newFixedThreadPool(nodes.size());
        CyclicBarrier together = new CyclicBarrier(nodes.size());
        try {
            for (int round = 0; round < 100; round++) {
                ScopedKey key = new ScopedKey("s", "k" + round);
                List<Future<Outcome>> outcomes = new ArrayList<>();
                for (JdbcIdempotencyStore node : nodes) {
                    outcomes.add(threads.submit(() -> {
                        together.await();
                        return node.claim(key);
                    }));
                }
                int claims = 0;
                for (Future<Outcome> outcome : outcomes) {
                    claims += outcome.get().claim() == null ? 0 : 1;
                }
                assertThat(claims).as(key.key()).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theClaimOfAProcessThatHasDiedIsFreeWhenItsLeaseIsOver(Kind kind) throws Exception {
        DataSource source = start(kind);
        JdbcIdempotencyStore dying = store(source, DAY, Duration.ofMillis(1_500));
        Claim lost = claimed(dying);
        JdbcIdempotencyStore other = store(source, DAY, Duration.ofMillis(1_500));
        assertThat(other.claim(KEY)).isEqualTo(Outcome.running());
        dying.close();
        await().until(() -> other.claim(KEY).claimed().isPresent());
        assertThatThrownBy(() -> lost.complete(ANSWERED))
                .isInstanceOf(IdempotencyStoreException.class)
                .hasMessageContaining("the claim had lapsed");
        lost.release();
        assertThat(other.claim(KEY)).isEqualTo(Outcome.running());
    }

    @ParameterizedTest
    @EnumSource
    void theClaimOfAProcessThatLivesIsRenewed(Kind kind) throws Exception {
        DataSource source = start(kind);
        Claim claim = claimed(store(source, DAY, Duration.ofMillis(1_500)));
        long leaseUntil = number("select lease_until from " + JdbcIdempotencyStore.TABLE);
        await().until(() -> number("select lease_until from " + JdbcIdempotencyStore.TABLE) > leaseUntil + 1_500);
        claim.complete(ANSWERED);
        assertAnswered(store(source, DAY, LONG).claim(KEY));
    }

    @ParameterizedTest
    @EnumSource
    void whoseTimeIsOverIsForgotten(Kind kind) throws Exception {
        DataSource source = start(kind);
        JdbcIdempotencyStore brief = store(source, Duration.ofMillis(1), LONG);
        claimed(brief).complete(ANSWERED);
        await().until(() -> brief.claim(KEY).claimed().isPresent());
        assertThat(number("select count(*) from " + JdbcIdempotencyStore.TABLE)).isEqualTo(1);

        claimed(store(source, Duration.ofMillis(1), LONG), "other").complete(ANSWERED);
        JdbcIdempotencyStore cleaning = store(source, DAY, LONG);
        await().until(() -> number("select count(*) from " + JdbcIdempotencyStore.TABLE) == 1);
        assertThat(cleaning.claim(KEY)).isEqualTo(Outcome.running());
    }

    private static Claim claimed(IdempotencyStore store, String key) throws IdempotencyStoreException {
        return store.claim(new ScopedKey("s", key)).claimed().orElseThrow();
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = Objects.requireNonNull(database).direct().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    @Test
    void aDatabaseThatCannotBeAskedIsNoAnswer() {
        JdbcDataSource nowhere = new JdbcDataSource();
        nowhere.setURL("jdbc:h2:tcp://127.0.0.1:1/nothing");
        JdbcIdempotencyStore store = store(nowhere, DAY, LONG);
        assertThatThrownBy(() -> store.claim(KEY)).isInstanceOf(IdempotencyStoreException.class);
    }

    /** Connections that cannot be given back. */
    private static DataSource failingAtClose(DataSource source, AtomicBoolean failing) {
        return proxy(
                DataSource.class,
                source,
                (method, result) -> method.equals("getConnection")
                        ? proxy(Connection.class, (Connection) Objects.requireNonNull(result), (called, value) -> {
                            if (called.equals("close") && failing.get()) {
                                throw new SQLException("on purpose");
                            }
                            return value;
                        })
                        : result);
    }

    private interface After {
        @Nullable
        Object call(String method, @Nullable Object result) throws SQLException;
    }

    private static <T> T proxy(Class<T> type, T target, After after) {
        return type.cast(Proxy.newProxyInstance(
                JdbcIdempotencyStoreIT.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    try {
                        return after.call(method.getName(), method.invoke(target, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    @ParameterizedTest
    @EnumSource
    void aClaimThatNobodyGotIsNotRenewed(Kind kind) throws Exception {
        AtomicBoolean failing = new AtomicBoolean();
        JdbcIdempotencyStore store = store(failingAtClose(start(kind), failing), DAY, Duration.ofMillis(600));
        failing.set(true);
        assertThatThrownBy(() -> claimed(store)).isInstanceOf(IdempotencyStoreException.class);
        failing.set(false);
        await().until(() -> store.claim(KEY).claimed().isPresent());
    }

    /** Gives no connections while the database is gone. */
    private static DataSource goneAtTimes(DataSource source, AtomicBoolean gone) {
        return proxy(DataSource.class, source, (method, result) -> {
            if (method.equals("getConnection") && gone.get()) {
                ((Connection) Objects.requireNonNull(result)).close();
                throw new SQLException("gone on purpose");
            }
            return result;
        });
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerThatTheDatabaseDidNotTakeIsStoredWhenItIsBack(Kind kind) throws Exception {
        AtomicBoolean gone = new AtomicBoolean();
        DataSource source = start(kind);
        Claim claim = claimed(store(goneAtTimes(source, gone), DAY, Duration.ofMillis(1_500)));
        gone.set(true);
        claim.complete(ANSWERED);
        JdbcIdempotencyStore other = store(source, DAY, LONG);
        assertThat(other.claim(KEY)).isEqualTo(Outcome.running());
        gone.set(false);
        await().until(() -> other.claim(KEY).answered() != null);
        assertAnswered(other.claim(KEY));
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerThatTheDatabaseDidNotTakeIsStoredAtTheLatestWhenTheStoreIsClosed(Kind kind) throws Exception {
        AtomicBoolean gone = new AtomicBoolean();
        DataSource source = start(kind);
        JdbcIdempotencyStore closing = store(goneAtTimes(source, gone), DAY, LONG);
        Claim claim = claimed(closing);
        gone.set(true);
        claim.complete(ANSWERED);
        gone.set(false);
        closing.close();
        assertAnswered(store(source, DAY, LONG).claim(KEY));
    }

    @Test
    void anAnswerOfAKeyThatIsSomebodyElsesByThenIsNotStored() throws Exception {
        AtomicBoolean gone = new AtomicBoolean();
        DataSource source = start(Kind.H2);
        Claim claim = claimed(store(goneAtTimes(source, gone), DAY, Duration.ofMillis(600)));
        gone.set(true);
        claim.complete(ANSWERED);
        JdbcIdempotencyStore other = store(source, DAY, LONG);
        await().until(() -> other.claim(KEY).claimed().isPresent());
        gone.set(false);
        claimed(store(source, DAY, LONG), "another").release();
        assertThat(other.claim(KEY)).isEqualTo(Outcome.running());
    }

    @ParameterizedTest
    @EnumSource
    void aClaimThatWasTakenOverIsNotForgotten(Kind kind) throws Exception {
        DataSource source = start(kind);
        JdbcIdempotencyStore other = store(source, DAY, LONG);
        claimed(other).complete(ANSWERED);
        Objects.requireNonNull(database)
                .execute("update " + JdbcIdempotencyStore.TABLE
                        + " set answer_kind = null, lease_until = 1, expires_at = 1000");
        Claim claim = claimed(other);
        assertThat(number("select expires_at - lease_until from " + JdbcIdempotencyStore.TABLE))
                .isEqualTo(DAY.toMillis());
        claim.complete(ANSWERED);
    }

    @Test
    void whatTheDatabaseCannotHoldIsKeptAsAnAnswerThatIsGone() throws Exception {
        JdbcIdempotencyStore store = store(start(Kind.POSTGRESQL), DAY, LONG);
        StoredAnswer odd = new StoredAnswer(StoredAnswer.Kind.ERROR, 403, "a\0b", Headers.of("X", "y"), new byte[0]);
        claimed(store).complete(new Answered(ANSWERED.fingerprint(), odd));
        StoredAnswer known = Objects.requireNonNull(store.claim(KEY).answered()).answer();
        assertThat(known.kind()).isEqualTo(StoredAnswer.Kind.TOO_LONG);
        assertThat(known.status()).isEqualTo(403);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsKeptInATransactionIsKeptIfThatIsCommitted(Kind kind) throws Exception {
        DataSource source = start(kind);
        JdbcIdempotencyStore store = store(source, DAY, LONG);
        TransactionalClaim claim = (TransactionalClaim) claimed(store);
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            claim.complete(ANSWERED, connection);
            assertThat(store.claim(KEY)).isEqualTo(Outcome.running());
            connection.rollback();
            assertThat(store.claim(KEY)).isEqualTo(Outcome.running());
            assertThat(claim.wasKept()).isFalse();
            TransactionalClaim second = (TransactionalClaim) claimed(store);
            assertThatThrownBy(() -> claim.complete(ANSWERED, connection)).isInstanceOf(ClaimLostException.class);
            second.complete(ANSWERED, connection);
            connection.commit();
            assertThat(second.wasKept()).isTrue();
            assertThat(claim.wasKept()).isFalse();
            connection.setAutoCommit(true);
        }
        assertAnswered(store.claim(KEY));
    }

    @ParameterizedTest
    @EnumSource
    void aTransactionThatIsNotOverKeepsNoOtherClaimFromBeingRenewed(Kind kind) throws Exception {
        DataSource source = start(kind);
        JdbcIdempotencyStore store = store(source, DAY, Duration.ofMillis(1_500));
        TransactionalClaim claim = (TransactionalClaim) claimed(store);
        claimed(store, "other");
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            claim.complete(ANSWERED, connection);
            String lease = "select lease_until from " + JdbcIdempotencyStore.TABLE + " where idempotency_key = 'other'";
            long before = number(lease);
            await().until(() -> number(lease) > before + 1_500);
            connection.commit();
            connection.setAutoCommit(true);
        }
        assertAnswered(store.claim(KEY));
    }

    @Test
    void whatTheDatabaseCannotHoldIsGoneButTheWorkStays() throws Exception {
        DataSource source = start(Kind.POSTGRESQL);
        TransactionalClaim claim = (TransactionalClaim) claimed(store(source, DAY, LONG));
        StoredAnswer odd = new StoredAnswer(StoredAnswer.Kind.ERROR, 403, "a\0b", Headers.of(), new byte[0]);
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("insert into line values ('work')");
            claim.complete(new Answered(ANSWERED.fingerprint(), odd), connection);
            connection.commit();
            connection.setAutoCommit(true);
        }
        assertThat(Objects.requireNonNull(database).lines()).containsExactly("work");
        assertThat(Objects.requireNonNull(store(source, DAY, LONG).claim(KEY).answered())
                        .answer()
                        .kind())
                .isEqualTo(StoredAnswer.Kind.TOO_LONG);
    }

    @Test
    void theDdlIsForAnyName() {
        assertThat(JdbcIdempotencyStore.ddl("app.keys")).contains("app.keys", "app_keys_expires_at");
        assertThatThrownBy(() -> JdbcIdempotencyStore.ddl("a; drop table b"))
                .hasMessageContaining("letters, digits and underscores");
    }
}
