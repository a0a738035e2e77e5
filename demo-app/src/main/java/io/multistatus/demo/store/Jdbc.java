package io.multistatus.demo.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Runs prepared statements, each on a connection of its own or all of them in one transaction. */
final class Jdbc {
    /** Lends a connection for as long as the work takes. */
    private interface Connections {
        <T> T lend(Work<T> work) throws SQLException;
    }

    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private interface Execution<T> {
        T run(PreparedStatement statement) throws SQLException;
    }

    /** Makes an object of the row that the result set stands on. */
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private final Connections connections;

    private Jdbc(Connections connections) {
        this.connections = connections;
    }

    /** Takes a connection from {@code source} for each statement or transaction. */
    Jdbc(DataSource source) {
        this(new Connections() {
            @Override
            public <T> T lend(Work<T> work) throws SQLException {
                try (Connection connection = source.getConnection()) {
                    return work.on(connection);
                }
            }
        });
    }

    /** Does all of it on {@code connection}, which it does not close. */
    static Jdbc on(Connection connection) {
        return new Jdbc(only(connection));
    }

    <T> List<T> query(String sql, Row<T> row, @Nullable Object... parameters) {
        return execute(sql, Statement.NO_GENERATED_KEYS, parameters, statement -> {
            try (ResultSet rows = statement.executeQuery()) {
                List<T> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(row.read(rows));
                }
                return found;
            }
        });
    }

    <T> Optional<T> queryOne(String sql, Row<T> row, @Nullable Object... parameters) {
        return query(sql, row, parameters).stream().findFirst();
    }

    /** Runs statements that take no parameters, separated by semicolons. */
    void script(String sql) {
        try {
            connections.lend(connection -> {
                try (Statement statement = connection.createStatement()) {
                    return statement.execute(sql);
                }
            });
        } catch (SQLException e) {
            throw new StoreException("'" + sql + "'", e);
        }
    }

    /** How many rows were changed. */
    int update(String sql, @Nullable Object... parameters) {
        return execute(sql, Statement.NO_GENERATED_KEYS, parameters, PreparedStatement::executeUpdate);
    }

    /** The key that was generated for the new row. */
    long insert(String sql, @Nullable Object... parameters) {
        return execute(sql, Statement.RETURN_GENERATED_KEYS, parameters, statement -> {
            statement.executeUpdate();
            try (ResultSet keys = statement.getGeneratedKeys()) {
                if (!keys.next()) {
                    throw new SQLException("no key was generated");
                }
                return keys.getLong(1);
            }
        });
    }

    /** Commits once {@code work} has returned; whatever it throws undoes all it did. */
    <T> T inTransaction(Function<Jdbc, T> work) {
        try {
            return connections.lend(connection -> {
                connection.setAutoCommit(false);
                try {
                    T result = work.apply(on(connection));
                    connection.commit();
                    return result;
                } catch (RuntimeException | SQLException e) {
                    rollbackAfter(e, connection);
                    throw e;
                } finally {
                    connection.setAutoCommit(true);
                }
            });
        } catch (SQLException e) {
            throw new StoreException("a transaction", e);
        }
    }

    private static void rollbackAfter(Exception failure, Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    private <T> T execute(String sql, int generatedKeys, @Nullable Object[] parameters, Execution<T> execution) {
        try {
            return connections.lend(connection -> {
                try (PreparedStatement statement = connection.prepareStatement(sql, generatedKeys)) {
                    for (int i = 0; i < parameters.length; i++) {
                        statement.setObject(i + 1, parameters[i]);
                    }
                    return execution.run(statement);
                }
            });
        } catch (SQLException e) {
            throw new StoreException("'" + sql + "'", e);
        }
    }

    private static Connections only(Connection connection) {
        return new Connections() {
            @Override
            public <T> T lend(Work<T> work) throws SQLException {
                return work.on(connection);
            }
        };
    }
}
