package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multistatus.AtomicityChoice;
import io.multistatus.BatchConfig;
import io.multistatus.BatchConfigBuilder;
import io.multistatus.IdempotencyConfig;
import io.multistatus.IdempotencyFilter;
import io.multistatus.atomicity.TestDatabase;
import io.multistatus.idempotency.JdbcIdempotencyStore;
import io.multistatus.support.Envelopes;
import io.multistatus.transaction.BatchTransaction;
import io.multistatus.transaction.TransactionalDataSource;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys whose answers are kept in the transaction of what they are the answers to, in the container of this test run. */
abstract class TransactionalKeysContract extends KeyedRequestsContract {
    private static final String TABLE = JdbcIdempotencyStore.TABLE;
    private static final String ROWS = "select count(*) from " + TABLE;
    private static final String ANSWERED = ROWS + " where answer_kind is not null";

    final CountDownLatch entered = new CountDownLatch(1);
    TestDatabase database;
    TransactionalDataSource shop;

    abstract TestDatabase open() throws SQLException;

    @BeforeEach
    final void openDatabase() throws SQLException {
        database = open();
        shop = new TransactionalDataSource(database.pool());
        handlers.put("lines", this::insert);
    }

    @AfterEach
    final void nothingIsLeftBehind() throws Exception {
        stop();
        host = null;
        try {
            database.assertPoolIsClean();
        } finally {
            database.close();
        }
    }

    /** A line that says in which run it was written; {@code then} as its parameter says, in the first run only. */
    private void insert(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String text = request.getPathInfo().substring(1) + "#" + ran.incrementAndGet();
        try (Connection connection = shop.getConnection()) {
            boolean own = request.getParameter("own") != null;
            connection.setAutoCommit(!own);
            insert(connection, text);
            if (own) {
                connection.commit();
            }
        }
        response.setHeader("X-Handler", "yes");
        response.setStatus(201);
        response.getWriter().write(text);
        String then = text.endsWith("#1") ? request.getParameter("then") : null;
        switch (then == null ? "" : then) {
            case "throw" -> throw new IllegalStateException("on purpose");
            case "async" -> request.startAsync();
            case "hang" -> {
                entered.countDown();
                release.await();
            }
            case "long" -> {
                response.getWriter().write("x".repeat(1 << 20));
                release.await();
            }
            case "" -> {}
            default -> response.setStatus(Integer.parseInt(then));
        }
    }

    static void insert(Connection connection, String text) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into line values (?)")) {
            insert.setString(1, text);
            insert.executeUpdate();
        }
    }

    private IdempotencyConfig.Builder transactional(DataSource source) {
        return IdempotencyConfig.builder()
                .dataSource(source)
                .createTable(true)
                .transactional(true)
                .lease(Duration.ofMinutes(5))
                .maxResponseBytes(1_000);
    }

    private static BatchConfigBuilder jdbc() {
        return BatchConfig.builder().atomicity(AtomicityChoice.JDBC);
    }

    final void serve() throws IOException {
        serve(jdbc(), shop);
    }

    private void serve(BatchConfigBuilder config, DataSource source) throws IOException {
        // What others have set stays, whoever answers.
        Filter front = (request, response, chain) -> {
            ((HttpServletResponse) response).setHeader("X-Front", "yes");
            chain.doFilter(request, response);
        };
        IdempotencyFilter keys = new IdempotencyFilter(transactional(source).build());
        host = HandlerHost.start(config.build(), handlers, List.of(), List.of(front, keys));
    }

    final HttpResponse<String> postLine(String url) throws Exception {
        return post("lines/" + url, "", KEY, "k");
    }

    final CompletableFuture<HttpResponse<String>> postLater(String url) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return postLine(url);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private String count(String sql) throws SQLException {
        return database.query(sql).get(0);
    }

    static String group(String... items) {
        return Envelopes.batch(items).replace("\"method\"", "\"atomicityGroup\":\"g\",\"method\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a?own"})
    void whatWasDoneIsDoneOnce(String url) throws Exception {
        serve();
        HttpResponse<String> first = postLine(url);
        assertThat(first.body()).isEqualTo("a#1");
        assertReplay(postLine(url), first, 1);
        assertThat(database.lines()).containsExactly("a#1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a?then=hang", "a?own&then=hang"})
    void nothingIsThereBeforeItsAnswerIs(String url) throws Exception {
        serve();
        CompletableFuture<HttpResponse<String>> post = postLater(url);
        entered.await();
        assertThat(database.lines()).isEmpty();
        assertThat(count(ROWS)).isEqualTo("1");
        assertProblem(postLine(url), 409, "idempotency-key-in-use");
        release.countDown();
        assertThat(post.get().statusCode()).isEqualTo(201);
        assertThat(database.lines()).containsExactly("a#1");
        assertThat(count(ANSWERED)).isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"throw", "500", "429", "503"})
    void whatFailsLeavesNothingAndRunsAgain(String then) throws Exception {
        serve();
        assertThat(postLine("a?own&then=" + then).statusCode()).isGreaterThanOrEqualTo(429);
        assertThat(database.lines()).isEmpty();
        assertThat(count(ROWS)).isEqualTo("0");
        assertThat(postLine("a?own&then=" + then).statusCode()).isEqualTo(201);
        assertThat(database.lines()).containsExactly("a#2");
    }

    @Test
    void whoLosesTheKeyWhileAtWorkDoesNotCommit() throws Exception {
        serve();
        CompletableFuture<HttpResponse<String>> slow = postLater("a?then=hang");
        entered.await();
        // As if it had slept for longer than its lease.
        database.execute("update " + TABLE + " set lease_until = 0");
        HttpResponse<String> quick = postLine("a?then=hang");
        assertThat(quick.body()).isEqualTo("a#2");
        assertThat(database.lines()).containsExactly("a#2");
        release.countDown();
        HttpResponse<String> lost = slow.get();
        assertProblem(lost, 409, "idempotency-key-in-use");
        assertThat(lost.headers().firstValue("Retry-After")).isPresent();
        assertThat(lost.headers().firstValue("X-Handler")).isEmpty();
        assertThat(lost.headers().allValues("X-Front")).containsExactly("yes");
        assertReplay(postLine("a?then=hang"), quick, 2);
        assertThat(database.lines()).containsExactly("a#2");
    }

    @Test
    void anAnswerThatIsTooLongIsKeptAsDone() throws Exception {
        serve();
        release.countDown();
        assertThat(postLine("a?then=long").body()).hasSizeGreaterThan(1 << 20);
        assertProblem(postLine("a?then=long"), 409, "answer-not-kept");
        assertThat(database.lines()).containsExactly("a#1");
    }

    @Test
    void aLongAnswerDoesNotGoOutBeforeItsRequestIsCommitted() throws Exception {
        serve();
        CompletableFuture<HttpResponse<String>> post = postLater("a?then=long");
        // The table is there when the first request is.
        await().ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> count(ROWS).equals("1"));
        database.execute("update " + TABLE + " set owner = 'other'");
        release.countDown();
        assertProblem(post.get(), 409, "idempotency-key-in-use");
        assertThat(database.lines()).isEmpty();
    }

    @Test
    void whatWouldGoAsyncIsRefused() throws Exception {
        serve();
        assertProblem(postLine("a?then=async"), 501, "asynchronous-in-transaction");
        assertThat(database.lines()).isEmpty();
        assertThat(postLine("a?then=async").statusCode()).isEqualTo(201);
    }

    @Test
    void aHandlerThatAsksMayGoOnWithoutAsync() throws Exception {
        handlers.put("asks", (request, response) -> response.setStatus(request.isAsyncSupported() ? 500 : 200));
        serve();
        assertThat(post("asks", "", KEY, "k").statusCode()).isEqualTo(200);
        assertThat(post("asks", "").statusCode()).as("without a key").isEqualTo(500);
    }

    @Test
    void whatWritesNothingIsKeptToo() throws Exception {
        handlers.put("none", (request, response) -> response.setStatus(200 + ran.incrementAndGet()));
        serve();
        HttpResponse<String> first = post("none", "", KEY, "k");
        assertReplay(post("none", "", KEY, "k"), first, 1);
    }

    @Test
    void whoeverIsGivenUpInABatchIsKeptInTheEnd() throws Exception {
        serve(jdbc().itemTimeout(Duration.ofMillis(300)), shop);
        String batch = Envelopes.batch(item("a", "lines/a?then=hang"));
        assertThat(Envelopes.statuses(batch(batch, KEY, "K"))).containsExactly(504);
        assertThat(database.lines()).isEmpty();
        release.countDown();
        await().until(() -> Envelopes.statuses(batch(batch, KEY, "K")).equals(List.of(201)));
        assertThat(database.lines()).containsExactly("a#1");
    }

    @Test
    void aGroupIsCommittedWithItsKeys() throws Exception {
        serve();
        String batch = group(item("a", "lines/a"), item("b", "lines/b?own"));
        assertThat(Envelopes.statuses(batch(batch, KEY, "K"))).containsExactly(201, 201);
        assertThat(count(ANSWERED)).isEqualTo("2");
        HttpResponse<String> again = batch(batch, KEY, "K");
        assertThat(Envelopes.statuses(again)).containsExactly(201, 201);
        assertThat(field(again, "b", REPLAYED).asText()).isEqualTo("true");
        assertThat(database.lines()).containsExactly("a#1", "b#2");
    }

    @Test
    void aGroupThatFailsFreesItsKeys() throws Exception {
        handlers.put("flaky", (request, response) -> response.setStatus(ran.incrementAndGet() < 3 ? 404 : 200));
        serve();
        String batch = group(item("a", "lines/a"), item("b", "flaky"));
        assertThat(Envelopes.statuses(batch(batch, KEY, "K"))).containsExactly(424, 404);
        assertThat(count(ROWS)).isEqualTo("0");
        assertThat(Envelopes.statuses(batch(batch, KEY, "K"))).containsExactly(201, 200);
        assertThat(database.lines()).containsExactly("a#3");
    }

    @Test
    void aGroupThatHasLostAKeyIsNotCommitted() throws Exception {
        handlers.put("loses", (request, response) -> {
            if (ran.incrementAndGet() == 2) {
                database.execute("update " + TABLE + " set owner = 'other' where idempotency_key = 'K/a'");
            }
        });
        serve();
        String batch = group(item("a", "lines/a"), item("b", "loses"));
        assertThat(Envelopes.statuses(batch(batch, KEY, "K"))).containsExactly(424, 424);
        assertThat(database.lines()).isEmpty();
        assertThat(database.query("select idempotency_key from " + TABLE)).containsExactly("K/a");
        database.execute("update " + TABLE + " set lease_until = 0");
        assertThat(Envelopes.statuses(batch(batch, KEY, "K"))).containsExactly(201, 200);
        assertThat(database.lines()).containsExactly("a#3");
    }

    @Test
    void aGroupInATransactionOfAnotherKindIsRefused() throws Exception {
        BatchTransaction.Running none = new BatchTransaction.Running() {
            @Override
            public void commit() {}

            @Override
            public void rollback() {}
        };
        serve(BatchConfig.builder().transaction(limit -> none), shop);
        HttpResponse<String> response = batch(group(item("a", "lines/a"), item("b", "lines/b")), KEY, "K");
        assertThat(Envelopes.statuses(response)).containsExactly(501, 424);
        assertThat(ran).hasValue(0);
        assertThat(count(ROWS)).isEqualTo("0");
    }

    /** What a connection says when it is to commit, while the database may think otherwise. */
    private interface Commit {
        void of(Connection connection) throws SQLException;
    }

    private void committing(Commit commit) throws IOException {
        DataSource pool = database.pool();
        DataSource odd = proxy(DataSource.class, pool, "getConnection", source -> {
            Connection connection = source.getConnection();
            return proxy(Connection.class, connection, "commit", target -> {
                commit.of(target);
                return null;
            });
        });
        shop = new TransactionalDataSource(odd);
        serve(jdbc(), pool);
    }

    private interface Replacement<T> {
        Object of(T target) throws SQLException;
    }

    private static <T> T proxy(Class<T> type, T target, String replaced, Replacement<T> replacement) {
        return type.cast(Proxy.newProxyInstance(
                TransactionalKeysContract.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    if (method.getName().equals(replaced) && arguments == null) {
                        return replacement.of(target);
                    }
                    try {
                        return method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private static SQLException broken() {
        return new SQLException("on purpose", "08006");
    }

    @Test
    void aCommitThatBreaksOffAndHasHappenedIsAnsweredAsSuch() throws Exception {
        committing(connection -> {
            connection.commit();
            throw broken();
        });
        HttpResponse<String> first = postLine("a");
        assertThat(first.body()).isEqualTo("a#1");
        assertReplay(postLine("a"), first, 1);
        assertThat(database.lines()).containsExactly("a#1");
    }

    @Test
    void aCommitThatBreaksOffAndHasNotHappenedRunsAgain() throws Exception {
        committing(connection -> {
            if (ran.get() > 1) {
                connection.commit();
            } else {
                connection.rollback();
                throw broken();
            }
        });
        assertProblem(postLine("a"), 503, "commit-failed");
        assertThat(database.lines()).isEmpty();
        assertThat(postLine("a").body()).isEqualTo("a#2");
        assertThat(database.lines()).containsExactly("a#2");
    }

    @Test
    void aCommitThatIsRefusedLeavesNothing() throws Exception {
        committing(connection -> {
            throw new SQLException("on purpose", ran.get() > 1 ? "40001" : "23505");
        });
        assertProblem(postLine("a"), 500, "commit-failed");
        assertProblem(postLine("a"), 503, "commit-failed");
        assertThat(database.lines()).isEmpty();
        assertThat(count(ROWS)).isEqualTo("0");
    }

    @Test
    void whatNobodyKnowsOfACommitIsToldWhenItIsKnown() throws Exception {
        Function<String, String> rename =
                to -> "alter table " + TABLE + (to.isEmpty() ? "_gone" : "") + " rename to " + TABLE + to;
        committing(connection -> {
            connection.commit();
            database.execute(rename.apply("_gone"));
            throw broken();
        });
        assertProblem(postLine("a"), 500, "commit-in-doubt");
        assertProblem(postLine("a"), 503, "idempotency-store-unavailable");
        database.execute(rename.apply(""));
        HttpResponse<String> again = postLine("a");
        assertThat(again.body()).isEqualTo("a#1");
        assertThat(again.headers().firstValue(REPLAYED)).hasValue("true");
        assertThat(database.lines()).containsExactly("a#1");
    }
}
