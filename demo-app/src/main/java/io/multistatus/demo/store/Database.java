package io.multistatus.demo.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.multistatus.transaction.TransactionalDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/** The shop's database: pools of connections to it, its tables and what is in them at first. Thread-safe. */
public final class Database implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 16;
    private static final int MAX_CONNECTIONS_BESIDE = 8;
    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(10);
    /** How long one waits for another's transaction that has changed the same row. */
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);

    private final String url;
    private final HikariDataSource pool;
    /** Of its own, or those who hold a connection of the other and ask for a second could wait for each other. */
    private final HikariDataSource poolBeside;

    private final Jdbc jdbc;

    private Database(String url) {
        this.url = url;
        this.pool = pool("shop", url, MAX_CONNECTIONS);
        this.poolBeside = pool("beside", url, MAX_CONNECTIONS_BESIDE);
        this.jdbc = new Jdbc(new TransactionalDataSource(pool));
    }

    /**
     * Connects, creates the tables that are missing and fills the catalogue if it is empty. Several processes may do so at
     * once.
     *
     * @param url a JDBC URL of a PostgreSQL or H2 database
     * @throws SQLException if there is no such database, or it refuses
     */
    public static Database open(String url) throws SQLException {
        // Stays open until the pools have connected: a database in memory may live as long as its connections only.
        try (Connection first = DriverManager.getConnection(url)) {
            Schema.create(first);
            return new Database(url);
        } catch (StoreException | PoolInitializationException e) {
            throw e.getCause() instanceof SQLException cause ? cause : new SQLException(e.getMessage(), e);
        }
    }

    private static HikariDataSource pool(String name, String url, int maxConnections) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(maxConnections);
        config.setMinimumIdle(2);
        config.setConnectionInitSql("set lock_timeout = " + LOCK_TIMEOUT.toMillis());
        config.setConnectionTimeout(CONNECTION_TIMEOUT.toMillis());
        return new HikariDataSource(config);
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

    /** What has been imported. */
    public Imports imports() {
        return new Imports(jdbc, new Jdbc(poolBeside));
    }

    /** The figures of the day. */
    public Reports reports() {
        return new Reports(jdbc);
    }

    /**
     * Connections that take no part in the shop's transactions, for whatever is to be kept where other processes and later
     * ones find it; empty if the database is in the memory of this one.
     */
    public Optional<DataSource> shared() {
        return url.startsWith("jdbc:h2:mem:") ? Optional.empty() : Optional.of(poolBeside);
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
        poolBeside.close();
        pool.close();
    }
}
