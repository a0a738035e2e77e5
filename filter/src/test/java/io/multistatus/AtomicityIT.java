package io.multistatus;

import static io.multistatus.support.Envelopes.batch;
import static io.multistatus.support.Envelopes.item;
import static io.multistatus.support.Envelopes.statuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multistatus.support.TestServer;
import io.multistatus.transaction.TransactionalDataSource;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Groups of items against a real database. */
@Tag("container")
class AtomicityIT {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger returned = new AtomicInteger();
    private JdbcConnectionPool pool;
    private DataSource shop;
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        pool = JdbcConnectionPool.create("jdbc:h2:mem:groups" + DATABASES.incrementAndGet(), "sa", "");
        shop = new TransactionalDataSource(pool);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table line (text varchar(100) not null unique)");
        }
        server = serving(config -> config.atomicity(AtomicityChoice.JDBC));
    }

    private TestServer serving(UnaryOperator<BatchConfigBuilder> configuration) throws Exception {
        return TestServer.create()
                .batch(configuration)
                .servlet("/lines/*", (request, response) -> insert(shop, request, response))
                .servlet("/count", (request, response) -> {
                    response.setContentType("application/json");
                    response.getWriter().print(count(shop));
                })
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        release.countDown();
        server.close();
        pool.dispose();
    }

    /** In the ways that apps use connections, and fail. */
    private void insert(DataSource shop, HttpServletRequest request, HttpServletResponse response) throws Exception {
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
                case "hang" -> release.await();
                case "async" -> {
                    AsyncContext async = request.startAsync();
                    async.start(() -> completeWhenReleased(async));
                }
                case "fail" -> response.sendError(409);
                default -> response.setStatus(201);
            }
        } catch (SQLException e) {
            response.sendError(422);
        } finally {
            returned.incrementAndGet();
        }
    }

    private void completeWhenReleased(AsyncContext async) {
        try {
            release.await();
            async.complete();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void insert(Connection connection, String text) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into line values (?)")) {
            insert.setString(1, text);
            insert.executeUpdate();
            assertThat(insert.getConnection()).isSameAs(connection);
        }
    }

    private static int count(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from line")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static String post(String id, String url, String group) {
        return "{\"id\":\"" + id + "\",\"method\":\"POST\",\"url\":\"" + url + "\",\"atomicityGroup\":\"" + group
                + "\"}";
    }

    private static String countIn(String group) {
        return "{\"id\":\"count\",\"method\":\"GET\",\"url\":\"/count\",\"atomicityGroup\":\"" + group + "\"}";
    }

    @Test
    void aGroupThatSucceedsStays() throws Exception {
        HttpResponse<String> response =
                server.post(batch(post("1", "/lines/a", "g"), post("2", "/lines/b?own", "g"), countIn("g")));

        assertThat(statuses(response)).containsExactly(201, 201, 200);
        assertThat(item(response, "count").path("body").asInt())
                .as("seen within the group")
                .isEqualTo(2);
        assertThat(count(pool)).isEqualTo(2);
        assertThat(pool.getActiveConnections()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "/lines/c?then=fail, 409",
        "/lines/c?own&then=fail, 409",
        "/lines/c?then=throw, 500",
        "/lines/c?own&then=throw, 500",
        "/lines/a, 422",
        "/lines/c?then=async, 501",
        "/nowhere, 405",
    })
    void aGroupThatFailsLeavesNothing(String culprit, int status) throws Exception {
        HttpResponse<String> response = server.post(batch(
                post("1", "/lines/a", "g"),
                post("2", "/lines/b?own", "g"),
                post("3", culprit, "g"),
                post("4", "/lines/d", "g")));

        assertThat(statuses(response)).containsExactly(424, 424, status, 424);
        assertThat(item(response, "1").path("body").path("culprit").asText()).isEqualTo("3");
        assertThat(count(pool)).isZero();
        assertThat(pool.getActiveConnections()).isZero();
    }

    @Test
    void aGroupThatTakesTooLongLeavesNothing() throws Exception {
        try (TestServer hasty =
                serving(config -> config.atomicity(AtomicityChoice.JDBC).itemTimeout(Duration.ofSeconds(2)))) {
            HttpResponse<String> response = hasty.post(batch(
                    post("1", "/lines/a", "g"), post("2", "/lines/b?then=hang", "g"), post("3", "/lines/c", "g")));

            assertThat(statuses(response)).endsWith(424).contains(504).doesNotContain(201);
            assertThat(count(pool)).isZero();
            release.countDown();
            await().until(() -> returned.get() > 0 && pool.getActiveConnections() == 0);
            assertThat(count(pool)).isZero();
        }
    }

    @Test
    void whatAHandlerRollsBackItselfIsUndoneAndNothingElse() throws Exception {
        HttpResponse<String> response = server.post(batch(
                post("1", "/lines/a?own", "g"),
                post("2", "/lines/b?own&then=rollback", "g"),
                post("3", "/lines/b", "g")));

        assertThat(statuses(response)).containsExactly(201, 200, 201);
        assertThat(count(pool)).isEqualTo(2);
    }

    @Test
    void groupsOfDifferentBatchesDoNotMeet() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String last = i % 2 == 0 ? "" : "?then=fail";
            all.add(server.postAsync(batch(
                    post("1", "/lines/a" + i, "g"),
                    post("2", "/lines/b" + i, "g"),
                    post("3", "/lines/c" + i + last, "g"))));
        }
        for (int i = 0; i < all.size(); i++) {
            assertThat(statuses(all.get(i).get()))
                    .containsExactlyElementsOf(i % 2 == 0 ? List.of(201, 201, 201) : List.of(424, 424, 409));
        }
        assertThat(count(pool)).isEqualTo(60);
        assertThat(pool.getActiveConnections()).isZero();
    }

    @Test
    void itemsOutsideOfAGroupStandForThemselves() throws Exception {
        HttpResponse<String> response = server.post(batch(
                "{\"id\":\"0\",\"method\":\"POST\",\"url\":\"/lines/z\"}",
                post("1", "/lines/a", "g"),
                post("2", "/lines/b?then=fail", "g")));

        assertThat(statuses(response)).containsExactly(201, 424, 409);
        assertThat(count(pool)).isEqualTo(1);
    }

    @Test
    void withoutAtomicityAGroupRunsInOrderUpToItsFirstFailureAndSaysSo() throws Exception {
        try (TestServer plain = TestServer.create()
                .batch(config -> config.atomicity(AtomicityChoice.NONE))
                .servlet("/lines/*", (request, response) -> insert(pool, request, response))
                .start()) {
            HttpResponse<String> response = plain.post(batch(
                    post("1", "/lines/a", "g"), post("2", "/lines/b?then=fail", "g"), post("3", "/lines/c", "g")));

            assertThat(statuses(response)).containsExactly(201, 409, 424);
            assertThat(response.headers().firstValue("Batch-Atomicity")).hasValue("none");
            assertThat(count(pool)).isEqualTo(2);
        }
    }
}
