package io.multistatus.demo.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The orders. Thread-safe. */
public final class Orders {
    private static final String SELECT = "select o.id, o.customer, o.placed_at, coalesce(sum(l.quantity), 0) as items,"
            + " coalesce(sum(l.quantity * l.price_cents), 0) as total_cents"
            + " from shop_order o left join order_line l on l.order_id = o.id where o.customer = ?";
    private static final String GROUP = " group by o.id, o.customer, o.placed_at order by o.id desc";

    private static final String SELECT_LINES = "select l.id, l.product_id, p.name, l.quantity, l.price_cents"
            + " from order_line l join product p on p.id = l.product_id where l.order_id = ?";

    private final Jdbc jdbc;

    Orders(Jdbc jdbc) {
        this.jdbc = jdbc;
    }

    /** The orders of one customer, the latest first, a hundred at most. */
    public List<Order> list(String customer) {
        return jdbc.query(SELECT + GROUP + " fetch first 100 rows only", Orders::order, customer);
    }

    /** One order of that customer. */
    public Optional<Order> find(String customer, long id) {
        return find(jdbc, customer, id);
    }

    /** A new order with nothing in it yet. */
    public Order create(String customer) {
        long id = jdbc.insert("insert into shop_order (customer) values (?)", customer);
        return find(customer, id).orElseThrow();
    }

    /** Adds some of a product, at today's price, to an order; both must exist. */
    public Order.Line add(long order, Product product, int quantity) {
        long id = jdbc.insert(
                "insert into order_line (order_id, product_id, quantity, price_cents) values (?, ?, ?, ?)",
                order,
                product.id(),
                quantity,
                product.priceCents());
        return new Order.Line(id, product.id(), product.name(), quantity, product.priceCents());
    }

    /** What an order consists of, in the order it was added. */
    public List<Order.Line> lines(long order) {
        return jdbc.query(SELECT_LINES + " order by l.id", Orders::line, order);
    }

    /** One line of an order. */
    public Optional<Order.Line> findLine(long order, long line) {
        return jdbc.queryOne(SELECT_LINES + " and l.id = ?", Orders::line, order, line);
    }

    /** Orders what lies in a cart at today's prices; empty, and nothing is ordered, if nothing lies in it. */
    public Optional<Order> place(String customer, long cart) {
        return jdbc.inTransaction(transaction -> {
            boolean nothing = transaction
                    .query("select id from cart_line where cart_id = ?", row -> row.getLong(1), cart)
                    .isEmpty();
            if (nothing) {
                return Optional.empty();
            }
            long id = transaction.insert("insert into shop_order (customer) values (?)", customer);
            transaction.update(
                    "insert into order_line (order_id, product_id, quantity, price_cents)"
                            + " select cast(? as bigint), l.product_id, l.quantity, p.price_cents"
                            + " from cart_line l join product p on p.id = l.product_id where l.cart_id = ?",
                    id,
                    cart);
            return find(transaction, customer, id);
        });
    }

    private static Optional<Order> find(Jdbc jdbc, String customer, long id) {
        return jdbc.queryOne(SELECT + " and o.id = ?" + GROUP, Orders::order, customer, id);
    }

    private static Order order(ResultSet row) throws SQLException {
        return new Order(
                row.getLong("id"),
                row.getString("customer"),
                row.getTimestamp("placed_at").toInstant().toString(),
                row.getLong("items"),
                row.getLong("total_cents"));
    }

    private static Order.Line line(ResultSet row) throws SQLException {
        return new Order.Line(
                row.getLong("id"),
                row.getInt("product_id"),
                row.getString("name"),
                row.getInt("quantity"),
                row.getInt("price_cents"));
    }
}
