package io.multistatus.idempotency;

import io.multistatus.jdbc.Database;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** What the table is made of. */
final class IdempotencyTable {
    private IdempotencyTable() {}

    /**
     * The statements that make it and its index, if they are not there.
     *
     * @throws IllegalArgumentException if {@code table} is no name of a table
     */
    static List<String> ddl(String table) {
        return List.of(tableDdl(Database.checkedTable(table)), indexDdl(table));
    }

    private static String tableDdl(String table) {
        return """
                create table if not exists %s (
                  scope varchar(64) not null,
                  idempotency_key varchar(255) not null,
                  owner varchar(36) not null,
                  lease_until bigint not null,
                  expires_at bigint not null,
                  request_head varchar(43),
                  request_kind varchar(16),
                  request_length bigint,
                  request_body varchar(43),
                  answer_kind varchar(16),
                  status integer,
                  answer_text text,
                  headers text,
                  body bytea,
                  primary key (scope, idempotency_key)
                )""".formatted(table);
    }

    private static String indexDdl(String table) {
        return "create index if not exists " + table.replace('.', '_') + "_expires_at on " + table + " (expires_at)";
    }

    /** Runs them. */
    static void create(DataSource dataSource, String table) throws SQLException {
        Database.execute(dataSource, ddl(table));
    }
}
