package io.multistatus.atomicity;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** One PostgreSQL for all tests of this JVM, started when it is first asked for; it ends with the JVM, and its data with it. */
final class PostgresServer {
    private static final AtomicInteger SCHEMAS = new AtomicInteger();
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

    /** Where connections find a schema that nobody else has, as the one of all their names without another. */
    static String urlOfNewSchema() {
        String schema = "test" + SCHEMAS.incrementAndGet();
        return SERVER.getJdbcUrl("postgres", "postgres") + "&currentSchema=" + schema + "&ApplicationName=" + schema;
    }
}
