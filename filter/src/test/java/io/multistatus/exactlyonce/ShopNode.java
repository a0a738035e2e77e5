package io.multistatus.exactlyonce;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.multistatus.AtomicityChoice;
import io.multistatus.IdempotencyConfig;
import io.multistatus.IdempotencyFilter;
import io.multistatus.support.Envelopes;
import io.multistatus.support.TestServer;
import io.multistatus.transaction.TransactionalDataSource;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/** A server process with an app that writes into PostgreSQL by plain JDBC. It ends with whoever started it. */
final class ShopNode {
    /** How long a key is in use whose process has died. */
    static final Duration LEASE = Duration.ofMillis(700);

    private static final int POOL_SIZE = 10;
    /** A process that has done nothing yet is slow, and would be killed before it has begun. */
    private static final int WARMING = 3;

    private static final long CONNECTION_TIMEOUT_MILLIS = 500;

    private ShopNode() {}

    /** Arguments: the URL of the database, and whether the answers are kept in the transactions of the handlers. */
    public static void main(String[] arguments) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(arguments[0]);
        config.setMaximumPoolSize(POOL_SIZE);
        config.setMinimumIdle(2);
        config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
        config.setInitializationFailTimeout(-1);
        DataSource shop = new TransactionalDataSource(new HikariDataSource(config));
        TestServer server = TestServer.create()
                .batch(batch -> batch.atomicity(AtomicityChoice.JDBC))
                .filter(
                        new IdempotencyFilter(IdempotencyConfig.builder()
                                .dataSource(shop)
                                .lease(LEASE)
                                .transactional(Boolean.parseBoolean(arguments[1]))
                                .build()),
                        true)
                .servlet("/lines/*", (request, response) -> write(shop, request, response))
                .start();
        for (int i = 0; i < WARMING; i++) {
            server.post(
                    Envelopes.batch(
                            "{\"id\":\"a\",\"method\":\"POST\",\"url\":\"/lines/a?steps=0&pause=0&own=true\"}",
                            "{\"id\":\"b\",\"method\":\"POST\",\"url\":\"/lines/b?steps=0&pause=0&own=true\"}"),
                    "Idempotency-Key",
                    "warming-" + i + "-of-" + ProcessHandle.current().pid());
        }
        System.out.println("listening on " + server.port() + ".");
        while (System.in.read() >= 0) {
            // Nobody says anything.
        }
        Runtime.getRuntime().halt(0);
    }

    /** Writes a line for each step, with a pause after each; in a transaction of its own or each by itself. */
    private static void write(DataSource shop, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, InterruptedException {
        String item = request.getPathInfo().substring(1);
        int steps = Integer.parseInt(request.getParameter("steps"));
        long pauseMillis = Long.parseLong(request.getParameter("pause"));
        boolean own = Boolean.parseBoolean(request.getParameter("own"));
        try (Connection connection = shop.getConnection()) {
            connection.setAutoCommit(!own);
            for (int step = 0; step < steps; step++) {
                try (PreparedStatement insert =
                        connection.prepareStatement("insert into line (item, step, process) values (?, ?, ?)")) {
                    insert.setString(1, item);
                    insert.setInt(2, step);
                    insert.setLong(3, ProcessHandle.current().pid());
                    insert.executeUpdate();
                }
                Thread.sleep(pauseMillis);
            }
            if (own) {
                connection.commit();
            }
        }
        // Between the work and its answer there is time to die.
        Thread.sleep(pauseMillis);
        response.setStatus(201);
    }
}
