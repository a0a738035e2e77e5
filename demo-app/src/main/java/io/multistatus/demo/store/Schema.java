package io.multistatus.demo.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;

/** The shop's tables, as {@code schema.sql} has them. */
final class Schema {
    /** Any number that no other app on the database locks. */
    private static final long LOCK = 0x6d756c7469737461L;

    private Schema() {}

    /** Makes what is missing, and fills the catalogue if it is empty; while another process does so, waits for it. */
    static void create(Connection connection) throws SQLException {
        boolean postgres = connection.getMetaData().getDatabaseProductName().equals("PostgreSQL");
        Jdbc.on(connection).inTransaction(transaction -> {
            if (postgres) {
                // Of two who make the same table there at once, one fails, "if not exists" or not. H2 takes one at a
                // time.
                transaction.query("select pg_advisory_xact_lock(?)", row -> LOCK, LOCK);
            }
            transaction.script(sql());
            Catalogue.fillIfEmpty(transaction);
            return null;
        });
    }

    private static String sql() {
        try (InputStream sql = Schema.class.getResourceAsStream("schema.sql")) {
            if (sql == null) {
                throw new IllegalStateException("schema.sql is missing from the class path");
            }
            return new String(sql.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("schema.sql cannot be read", e);
        }
    }
}
