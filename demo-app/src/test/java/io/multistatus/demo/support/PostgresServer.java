package io.multistatus.demo.support;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** One PostgreSQL for all tests of this JVM, started when it is first asked for; it ends with the JVM, and its data with it. */
public final class PostgresServer {
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final EmbeddedPostgres SERVER = start();

    private PostgresServer() {}

    private static EmbeddedPostgres start() {
        try {
            // The program stays there, unpacked, until the build's folder is cleaned.
            Path folder = Files.createDirectories(Path.of(System.getProperty("basedir", ""), "target", "postgresql"));
            return EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(folder.toAbsolutePath().toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL does not start", e);
        }
    }

    /** The JDBC URL of a new, empty database. */
    public static String urlOfNewDatabase() {
        String name = "test" + DATABASES.incrementAndGet();
        try (Connection connection = SERVER.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL makes no database", e);
        }
        return SERVER.getJdbcUrl("postgres", name);
    }
}
