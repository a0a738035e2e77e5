package io.multistatus.demo.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What has been imported, under the name of its import. For the demo's sake one row of a hundred fails when it is first
 * added. Thread-safe.
 */
public final class Imports {
    /**
     * A row of a supplier's price list.
     *
     * @param id its number here
     * @param number its number in the list, from 1
     * @param sku the supplier's code
     * @param priceCents what one costs, in euro cents
     */
    public record Row(long id, int number, String sku, int priceCents) {}

    /**
     * How much is there.
     *
     * @param name the import's name
     * @param rows how many rows there are
     * @param distinct how many different ones; fewer than {@code rows} if some are there twice
     */
    public record Count(String name, long rows, long distinct) {}

    private static final int ONE_OF = 100;

    private final Jdbc jdbc;
    private final Jdbc beside;

    /** @param beside takes no part in transactions: a failure is remembered, whatever becomes of what has failed */
    Imports(Jdbc jdbc, Jdbc beside) {
        this.jdbc = jdbc;
        this.beside = beside;
    }

    /** Adds a row, also one that is there already; empty, and nothing is added, if it is one that fails for now. */
    public Optional<Row> add(String name, int number, String sku, int priceCents) {
        if (number % ONE_OF == 0 && isFirst(name, number)) {
            return Optional.empty();
        }
        long id = jdbc.insert(
                "insert into import_row (import_name, row_no, sku, price_cents) values (?, ?, ?, ?)",
                name,
                number,
                sku,
                priceCents);
        return Optional.of(new Row(id, number, sku, priceCents));
    }

    /** Whether it is the first time that one asks. */
    private boolean isFirst(String name, int number) {
        boolean first = beside.query(
                        "select row_no from import_failure where import_name = ? and row_no = ?",
                        row -> row.getInt(1),
                        name,
                        number)
                .isEmpty();
        return first
                && beside.update("insert into import_failure (import_name, row_no) values (?, ?)", name, number) == 1;
    }

    /** One row of an import. */
    public Optional<Row> find(String name, long id) {
        return jdbc.queryOne(
                "select id, row_no, sku, price_cents from import_row where import_name = ? and id = ?",
                Imports::row,
                name,
                id);
    }

    /** How many rows there are of that name: none, if there never was such an import. */
    public Count count(String name) {
        return jdbc.queryOne(
                        "select count(*) as all_rows, count(distinct row_no) as different from import_row"
                                + " where import_name = ?",
                        row -> new Count(name, row.getLong("all_rows"), row.getLong("different")),
                        name)
                .orElseThrow();
    }

    /** Forgets all of it. */
    public void clear(String name) {
        jdbc.inTransaction(transaction -> transaction.update("delete from import_row where import_name = ?", name)
                + transaction.update("delete from import_failure where import_name = ?", name));
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(row.getLong("id"), row.getInt("row_no"), row.getString("sku"), row.getInt("price_cents"));
    }
}
