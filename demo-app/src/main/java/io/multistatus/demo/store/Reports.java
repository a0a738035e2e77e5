package io.multistatus.demo.store;

import java.util.Optional;

/** Figures about the shop. Thread-safe. */
public final class Reports {
    /**
     * The shop at a glance.
     *
     * @param products how many products there are
     * @param unitsInStock how many things lie in the warehouse
     * @param carts how many carts there are
     * @param orders how many orders were placed
     * @param revenueCents what they brought in, in euro cents
     */
    public record Figures(long products, long unitsInStock, long carts, long orders, long revenueCents) {}

    private final Jdbc jdbc;

    Reports(Jdbc jdbc) {
        this.jdbc = jdbc;
    }

    /** The figures at this moment. */
    public Figures figures() {
        Optional<Figures> figures = jdbc.queryOne(
                "select (select count(*) from product) as products,"
                        + " (select coalesce(sum(quantity), 0) from stock) as units_in_stock,"
                        + " (select count(*) from cart) as carts,"
                        + " (select count(*) from shop_order) as orders,"
                        + " (select coalesce(sum(quantity * price_cents), 0) from order_line) as revenue_cents",
                row -> new Figures(
                        row.getLong("products"),
                        row.getLong("units_in_stock"),
                        row.getLong("carts"),
                        row.getLong("orders"),
                        row.getLong("revenue_cents")));
        return figures.orElseThrow();
    }
}
