package io.multistatus.atomicity;

import static io.multistatus.support.Envelopes.item;
import static io.multistatus.support.Envelopes.statuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multistatus.AtomicityChoice;
import io.multistatus.BatchConfig;
import io.multistatus.BatchConfigBuilder;
import io.multistatus.equivalence.HandlerHost;
import io.multistatus.event.CapturedLog;
import io.multistatus.transaction.JdbcTransaction;
import io.multistatus.transaction.TransactionalDataSource;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How groups end, in the container of this test run, against a database. After each test the pool must be as it was. */
abstract class AtomicityContract {
    /** An item of the group {@code g}, which posts to a handler. */
    static String member(String id, String url) {
        return "{\"id\":\"" + id + "\",\"method\":\"POST\",\"url\":\"" + url + "\",\"atomicityGroup\":\"g\"}";
    }

    final Map<String, HandlerHost.Handler> handlers = new HashMap<>();
    TestDatabase database;
    TransactionalDataSource shop;
    HandlerHost server;

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger returned = new AtomicInteger();
    private DataSource used;

    abstract TestDatabase open() throws SQLException;

    @BeforeEach
    final void openDatabase() throws Exception {
        database = open();
        used = database.pool();
        handlers.put("lines", this::insert);
    }

    @AfterEach
    final void nothingIsLeftBehind() throws Exception {
        release.countDown();
        try {
            if (server != null) {
                server.close();
            }
            database.assertPoolIsClean();
        } finally {
            database.close();
        }
    }

    final void serve() throws IOException {
        serve(BatchConfig.builder().atomicity(AtomicityChoice.JDBC));
    }

    final void serve(BatchConfigBuilder config) throws IOException {
        shop = new TransactionalDataSource(used);
        server = HandlerHost.start(config.build(), handlers);
    }

    /** In the ways that apps use connections, and fail. */
    private void insert(HttpServletRequest request, HttpServletResponse response) throws Exception {
        try (Connection connection = shop.getConnection()) {
            boolean own = request.getParameter("own") != null;
            connection.setAutoCommit(!own);
            insert(connection, request.getPathInfo().substring(1));
            String after = request.getParameter("then");
            if (own && !"rollback".equals(after)) {
                connection.commit();
            }
            switch (after == null ? "" : after) {
                case "rollback" -> connection.rollback();
                case "throw" -> throw new IllegalStateException("on purpose");
                case "hang" -> hang();
                case "async" -> {
                    AsyncContext async = request.startAsync();
                    async.start(() -> {
                        hang();
                        async.complete();
                    });
                }
                case "fail" -> response.sendError(410);
                default -> response.setStatus(201);
            }
        } catch (SQLException e) {
            response.sendError(422);
        } finally {
            returned.incrementAndGet();
        }
    }

    /** Until the test is over with it, whatever the container does to stop it. */
    private void hang() {
        entered.countDown();
        boolean interrupted = false;
        while (true) {
            try {
                release.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static void insert(Connection connection, String text) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into line values (?)")) {
            insert.setString(1, text);
            insert.executeUpdate();
        }
    }

    static String type(HttpResponse<String> response, String id) {
        return item(response, id).path("body").path("type").asText().replace("urn:multistatus:", "");
    }

    private static BatchConfigBuilder hasty() {
        return BatchConfig.builder().atomicity(AtomicityChoice.JDBC).itemTimeout(Duration.ofMillis(500));
    }

    @Test
    void aGroupThatSucceedsStays() throws Exception {
        serve();

        HttpResponse<String> response = server.post(member("1", "lines/a"), member("2", "lines/b?own"));

        assertThat(statuses(response)).containsExactly(201, 201);
        assertThat(database.lines()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @CsvSource({
        "lines/c?then=fail, 410",
        "lines/c?own&then=fail, 410",
        "lines/c?then=throw, 500",
        "lines/c?own&then=throw, 500",
        "lines/a, 422",
        "lines/a?own, 422",
        "lines/c?then=async, 501",
    })
    void aGroupThatFailsLeavesNothing(String culprit, int status) throws Exception {
        serve();

        HttpResponse<String> response = server.post(
                member("1", "lines/a"), member("2", "lines/b?own"), member("3", culprit), member("4", "lines/d"));

        assertThat(statuses(response)).containsExactly(424, 424, status, 424);
        assertThat(type(response, "1")).isEqualTo("rolled-back");
        assertThat(item(response, "1").path("body").path("culprit").asText()).isEqualTo("3");
        assertThat(database.lines()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStatementThatFailsCostsNothingElseIfItsHandlerGoesOn(boolean own) throws Exception {
        handlers.put("careful", (request, response) -> {
            try (Connection connection = shop.getConnection()) {
                connection.setAutoCommit(!own);
                try {
                    insert(connection, "a");
                } catch (SQLException expected) {
                    if (own) {
                        connection.rollback();
                    }
                    insert(connection, "instead");
                }
                if (own) {
                    connection.commit();
                }
                response.setStatus(201);
            }
        });
        serve();

        assertThat(statuses(server.post(member("1", "lines/a"), member("2", "careful"), member("3", "lines/b"))))
                .containsExactly(201, 201, 201);
        assertThat(database.lines()).containsExactly("a", "b", "instead");
    }

    @Test
    void whatAHandlerRollsBackItselfIsUndoneAndNothingElse() throws Exception {
        serve();

        HttpResponse<String> response = server.post(
                member("1", "lines/a?own"), member("2", "lines/b?own&then=rollback"), member("3", "lines/b"));

        assertThat(statuses(response)).containsExactly(201, 200, 201);
        assertThat(database.lines()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"itemTimeout", "batchTimeout"})
    void aGroupThatTakesTooLongLeavesNothing(String limit) throws Exception {
        serve(limit.equals("itemTimeout") ? hasty() : hasty().batchTimeout(Duration.ofMillis(500)));

        HttpResponse<String> response =
                server.post(member("1", "lines/a"), member("2", "lines/b?own&then=hang"), member("3", "lines/c"));

        assertThat(statuses(response)).endsWith(424).contains(504).doesNotContain(201);
        assertThat(database.lines()).as("while the handler hangs").isEmpty();
        int before = returned.get();
        release.countDown();
        await().until(() -> returned.get() > before && database.active() == 0);
        assertThat(database.lines()).as("when the handler has come back").isEmpty();
    }

    @Test
    void aGroupWhoseClientGoesAwayRunsToItsEnd() throws Exception {
        serve();

        try (Socket socket = server.postAndKeepSocket(member("1", "lines/a?then=hang"), member("2", "lines/b?own"))) {
            entered.await();
            socket.setSoLinger(true, 0);
        }
        assertThat(database.lines()).as("before its end").isEmpty();
        release.countDown();

        await().untilAsserted(() -> assertThat(database.lines()).containsExactly("a", "b"));
    }

    @Test
    void aGroupThatTheServersStopFindsAtWorkLeavesNothing() throws Exception {
        serve();

        CompletableFuture<HttpResponse<String>> post =
                server.postAsync(member("1", "lines/a"), member("2", "lines/b?then=hang"), member("3", "lines/c"));
        entered.await();
        HandlerHost stopping = server;
        server = null;
        FutureTask<Void> stop = new FutureTask<>(() -> {
            stopping.close();
            return null;
        });
        new Thread(stop, "stops-the-server").start();
        stopping.awaitEndOfFilter();
        assertThat(database.lines()).as("while the handler hangs").isEmpty();
        release.countDown();
        stop.get();

        await().until(() -> post.isDone() && returned.get() == 2 && database.active() == 0);
        assertThat(database.lines()).as("when the handler has come back").isEmpty();
    }

    @Test
    void aRollbackThatFailsLeavesNothingButALineInTheLog() throws Exception {
        used = failingAt("rollback");
        serve();

        try (CapturedLog log = new CapturedLog()) {
            HttpResponse<String> response = server.post(member("1", "lines/a"), member("2", "lines/b?then=fail"));

            assertThat(statuses(response)).containsExactly(424, 410);
            assertThat(log.lines("io.multistatus.transaction.GroupConnection"))
                    .anyMatch(line -> line.contains("ERROR") && line.contains("could not be rolled back"));
        }
        assertThat(database.lines()).isEmpty();
    }

    @Test
    void aCommitThatTheDatabaseRefusesLeavesNothing() throws Exception {
        used = failingAt("commit");
        serve();

        HttpResponse<String> response = server.post(member("1", "lines/a"), member("2", "lines/b"));

        assertThat(statuses(response)).containsExactly(424, 424);
        assertThat(type(response, "1")).isEqualTo("commit-failed");
        assertThat(database.lines()).isEmpty();
    }

    /** A data source whose connections throw in place of that. */
    private DataSource failingAt(String methodOfConnection) {
        return proxy(
                DataSource.class,
                database.pool(),
                (method, connection) -> method.equals("getConnection")
                        ? proxy(Connection.class, (Connection) connection, (name, result) -> result, methodOfConnection)
                        : connection);
    }

    private interface Replacement {
        Object of(String method, Object result);
    }

    private static <T> T proxy(Class<T> type, T target, Replacement replacement, String... failing) {
        return type.cast(Proxy.newProxyInstance(
                AtomicityContract.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (List.of(failing).contains(method.getName()) && arguments == null) {
                        throw new SQLException("on purpose", "XX000");
                    }
                    try {
                        return replacement.of(method.getName(), method.invoke(target, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    @Test
    void whereThePoolIsEmptyWhenAGroupBeginsNothingOfItRuns() throws Exception {
        serve(BatchConfig.builder().transaction(limit -> new JdbcTransaction(shop).begin(limit)));
        List<Connection> all = exhaust();

        HttpResponse<String> response = server.post(member("1", "lines/a"), member("2", "lines/b"));

        assertThat(statuses(response)).containsExactly(503, 503);
        assertThat(type(response, "1")).isEqualTo("transaction-unavailable");
        assertThat(returned).hasValue(0);
        for (Connection each : all) {
            each.close();
        }
        assertThat(statuses(server.post(member("1", "lines/a"), member("2", "lines/b"))))
                .containsOnly(201);
    }

    @Test
    void whereThePoolIsEmptyWhenAHandlerAsksTheHandlerSaysWhatThatMeans() throws Exception {
        serve();
        List<Connection> all = exhaust();

        HttpResponse<String> response = server.post(member("1", "lines/a"), member("2", "lines/b"));

        assertThat(statuses(response)).containsExactly(422, 424);
        for (Connection each : all) {
            each.close();
        }
        assertThat(database.lines()).isEmpty();
    }

    private List<Connection> exhaust() throws SQLException {
        database.pool().setLoginTimeout(1);
        List<Connection> all = new ArrayList<>();
        for (int i = 0; i < TestDatabase.POOL_SIZE; i++) {
            all.add(database.pool().getConnection());
        }
        return all;
    }

    @Test
    void groupsOfDifferentBatchesDoNotMeet() throws Exception {
        serve();
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < TestDatabase.POOL_SIZE * 2; i++) {
            String last = i % 2 == 0 ? "" : "&then=fail";
            all.add(server.postAsync(
                    member("1", "lines/a" + i),
                    member("2", "lines/b" + i),
                    member("3", "lines/c" + i + "?own" + last)));
        }
        for (int i = 0; i < all.size(); i++) {
            assertThat(statuses(all.get(i).get()))
                    .containsExactlyElementsOf(i % 2 == 0 ? List.of(201, 201, 201) : List.of(424, 424, 410));
        }
        assertThat(database.lines()).hasSize(TestDatabase.POOL_SIZE * 3);
    }

    @Test
    void itemsOutsideOfAGroupStandForThemselves() throws Exception {
        serve();

        HttpResponse<String> response = server.post(
                "{\"id\":\"0\",\"method\":\"POST\",\"url\":\"lines/z\"}",
                member("1", "lines/a"),
                member("2", "lines/b?then=fail"));

        assertThat(statuses(response)).containsExactly(201, 424, 410);
        assertThat(database.lines()).containsExactly("z");
    }

    @Test
    void withoutAtomicityAGroupRunsInOrderUpToItsFirstFailureAndSaysSo() throws Exception {
        serve(BatchConfig.builder().atomicity(AtomicityChoice.NONE));

        HttpResponse<String> response =
                server.post(member("1", "lines/a"), member("2", "lines/b?then=fail"), member("3", "lines/c"));

        assertThat(statuses(response)).containsExactly(201, 410, 424);
        assertThat(response.headers().firstValue("Batch-Atomicity")).hasValue("none");
        assertThat(database.lines()).containsExactly("a", "b");
    }
}
