package io.multistatus.demo.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** The reservations. Thread-safe. */
public final class Reservations {
    private final Jdbc jdbc;

    Reservations(Jdbc jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Reserves some of a product for an order; both must exist. Empty, and nothing is reserved, if fewer are free. Whoever
     * asks at the same time for the same product waits for the end of this transaction, so that nothing is promised twice.
     */
    public Optional<Reservation> reserve(int product, long order, int quantity) {
        return jdbc.inTransaction(transaction -> {
            boolean enough = transaction.update(
                            "update stock set reserved = reserved + ? where product_id = ? and quantity - reserved >= ?",
                            quantity,
                            product,
                            quantity)
                    == 1;
            if (!enough) {
                return Optional.empty();
            }
            long id = transaction.insert(
                    "insert into reservation (product_id, order_id, quantity) values (?, ?, ?)",
                    product,
                    order,
                    quantity);
            return Optional.of(new Reservation(id, product, order, quantity));
        });
    }

    /** One reservation of a product, for an order of that customer. */
    public Optional<Reservation> find(String customer, int product, long id) {
        return jdbc.queryOne(
                "select r.id, r.product_id, r.order_id, r.quantity from reservation r"
                        + " join shop_order o on o.id = r.order_id where o.customer = ? and r.product_id = ? and r.id = ?",
                Reservations::reservation,
                customer,
                product,
                id);
    }

    private static Reservation reservation(ResultSet row) throws SQLException {
        return new Reservation(
                row.getLong("id"), row.getInt("product_id"), row.getLong("order_id"), row.getInt("quantity"));
    }
}
