package io.multistatus.demo.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.multistatus.transaction.TransactionalDataSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** The shop's database: a pool of connections to it, its tables and what is in them at first. Thread-safe. */
public final class Database implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 16;
    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(10);
    /** How long one waits for another's transaction that has changed the same row. */
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);

    private final HikariDataSource pool;
    private final Jdbc jdbc;

    private Database(HikariDataSource pool) {
        this.pool = pool;
        this.jdbc = new Jdbc(new TransactionalDataSource(pool));
    }

    /**
     * Connects, creates the tables that are missing and fills the catalogue if it is empty.
     *
     * @param url a JDBC URL of an H2 database
     * @throws SQLException if there is no such database, or it refuses
     */
    public static Database open(String url) throws SQLException {
        // Stays open until the pool has connected: a database in memory may live as long as its connections only.
        try (Connection first = DriverManager.getConnection(url)) {
            try (Statement statement = first.createStatement()) {
                statement.execute(schema());
            }
            HikariConfig config = new HikariConfig();
            config.setPoolName("shop");
            config.setJdbcUrl(url);
            config.setMaximumPoolSize(MAX_CONNECTIONS);
            config.setMinimumIdle(2);
            config.setConnectionInitSql("set lock_timeout " + LOCK_TIMEOUT.toMillis());
            config.setConnectionTimeout(CONNECTION_TIMEOUT.toMillis());
            HikariDataSource pool = new HikariDataSource(config);
            try {
                new Catalogue(new Jdbc(pool)).fillIfEmpty();
            } catch (StoreException e) {
                pool.close();
                throw new SQLException("the catalogue cannot be filled: " + e.getMessage(), e);
            }
            return new Database(pool);
        }
    }

    /** The products and their stock. */
    public Products products() {
        return new Products(jdbc);
    }

    /** The carts. */
    public Carts carts() {
        return new Carts(jdbc);
    }

    /** The orders. */
    public Orders orders() {
        return new Orders(jdbc);
    }

    /** What is reserved for orders. */
    public Reservations reservations() {
        return new Reservations(jdbc);
    }

    /** The figures of the day. */
    public Reports reports() {
        return new Reports(jdbc);
    }

    /** Whether a connection can be had that works; takes two seconds at most once there is one. */
    public boolean isUp() {
        try (Connection connection = pool.getConnection()) {
            return connection.isValid(2);
        } catch (SQLException e) {
            return false;
        }
    }

    /** Closes all connections. */
    @Override
    public void close() {
        pool.close();
    }

    private static String schema() {
        try (InputStream sql = Database.class.getResourceAsStream("schema.sql")) {
            if (sql == null) {
                throw new IllegalStateException("schema.sql is missing from the class path");
            }
            return new String(sql.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("schema.sql cannot be read", e);
        }
    }
}
