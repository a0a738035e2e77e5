package io.multistatus.atomicity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import javax.sql.XADataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.xa.PGXADataSource;

/** A database of its own with the table {@code line}, and a pool of connections to it. */
public abstract class TestDatabase implements AutoCloseable {
    /** How many connections the pool has. */
    public static final int POOL_SIZE = 4;

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final DataSource direct;

    private TestDatabase(DataSource direct) {
        this.direct = direct;
    }

    /** H2 in memory, with its own pool. */
    public static TestDatabase h2() throws SQLException {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:groups" + DATABASES.incrementAndGet() + ";DB_CLOSE_DELAY=-1");
        JdbcConnectionPool pool = JdbcConnectionPool.create(source);
        pool.setMaxConnections(POOL_SIZE);
        return new H2(source, pool).withTable();
    }

    /** PostgreSQL, with HikariCP. */
    public static TestDatabase postgres() throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(PostgresServer.urlOfNewSchema());
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setMaximumPoolSize(POOL_SIZE);
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(1_000);
        TestDatabase database = new Postgres(source, new HikariDataSource(config));
        database.execute("create schema " + source.getCurrentSchema());
        return database.withTable();
    }

    TestDatabase withTable() throws SQLException {
        execute("create table line (text varchar(100) not null unique)");
        return this;
    }

    /** Connections for a transaction manager. */
    public abstract XADataSource xa();

    /** Connections of one's own. */
    public DataSource direct() {
        return direct;
    }

    /** The pool that apps use. */
    public abstract DataSource pool();

    /** Makes a second schema, which is gone with the database; its name as the database spells it. */
    public abstract String newSchema() throws SQLException;

    /** How many connections of the pool are in use. */
    public abstract int active();

    /** Sessions that have a transaction open and do nothing. */
    abstract int idleInTransaction() throws SQLException;

    @Override
    public abstract void close();

    /** By a connection of its own, with autocommit. */
    public final void execute(String sql) throws SQLException {
        try (Connection connection = direct.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of what a query gives, by a connection of its own. */
    public final List<String> query(String sql) throws SQLException {
        try (Connection connection = direct.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> all = new ArrayList<>();
            while (rows.next()) {
                all.add(rows.getString(1));
            }
            return all;
        }
    }

    /** What the table holds, to others. */
    public final List<String> lines() throws SQLException {
        return query("select text from line order by text");
    }

    /** All connections are back in the pool, and as they were at first. */
    public final void assertPoolIsClean() throws SQLException {
        await().until(() -> active() == 0);
        assertThat(idleInTransaction()).isZero();
        List<Connection> all = new ArrayList<>();
        try (Connection fresh = direct.getConnection()) {
            for (int i = 0; i < POOL_SIZE; i++) {
                Connection pooled = pool().getConnection();
                all.add(pooled);
                assertThat(pooled.getAutoCommit()).isTrue();
                assertThat(pooled.isReadOnly()).isFalse();
                assertThat(pooled.getTransactionIsolation()).isEqualTo(fresh.getTransactionIsolation());
                assertThat(pooled.getSchema()).isEqualTo(fresh.getSchema());
                try (Statement statement = pooled.createStatement()) {
                    statement.execute("select count(*) from line");
                }
            }
        } finally {
            for (Connection each : all) {
                each.close();
            }
        }
    }

    private static final class H2 extends TestDatabase {
        private final JdbcConnectionPool pool;

        H2(DataSource direct, JdbcConnectionPool pool) {
            super(direct);
            this.pool = pool;
        }

        @Override
        public XADataSource xa() {
            return (JdbcDataSource) direct();
        }

        @Override
        public DataSource pool() {
            return pool;
        }

        @Override
        public String newSchema() throws SQLException {
            execute("create schema ELSEWHERE");
            return "ELSEWHERE";
        }

        @Override
        public int active() {
            return pool.getActiveConnections();
        }

        @Override
        int idleInTransaction() throws SQLException {
            return Integer.parseInt(query("select count(*) from information_schema.sessions where contains_uncommitted")
                    .get(0));
        }

        @Override
        public void close() {
            pool.dispose();
            try {
                execute("shutdown");
            } catch (SQLException e) {
                throw new IllegalStateException("H2 does not end", e);
            }
        }
    }

    private static final class Postgres extends TestDatabase {
        private final HikariDataSource pool;

        Postgres(DataSource direct, HikariDataSource pool) {
            super(direct);
            this.pool = pool;
        }

        @Override
        public XADataSource xa() {
            PGSimpleDataSource simple = (PGSimpleDataSource) direct();
            PGXADataSource source = new PGXADataSource();
            source.setUrl(simple.getUrl());
            source.setUser(simple.getUser());
            return source;
        }

        @Override
        public DataSource pool() {
            return pool;
        }

        @Override
        public String newSchema() throws SQLException {
            String name = ((PGSimpleDataSource) direct()).getCurrentSchema() + "_elsewhere";
            execute("create schema " + name);
            return name;
        }

        @Override
        public int active() {
            return pool.getHikariPoolMXBean().getActiveConnections();
        }

        @Override
        int idleInTransaction() throws SQLException {
            return Integer.parseInt(
                    query("select count(*) from pg_stat_activity where state like 'idle in transaction%'"
                                    + " and application_name = current_setting('application_name')")
                            .get(0));
        }

        @Override
        public void close() {
            pool.close();
        }
    }
}
