package io.multistatus.demo.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The carts. Thread-safe. */
public final class Carts {
    private static final String SELECT_LINES = "select l.id, l.product_id, p.name, l.quantity, p.price_cents"
            + " from cart_line l join product p on p.id = l.product_id where l.cart_id = ?";

    private final Jdbc jdbc;

    Carts(Jdbc jdbc) {
        this.jdbc = jdbc;
    }

    /** A new, empty cart. */
    public Cart create(@Nullable String customer) {
        long id = jdbc.insert("insert into cart (customer) values (?)", customer);
        return new Cart(id, customer, List.of(), 0);
    }

    /** The cart of that number with all that lies in it. */
    public Optional<Cart> find(long id) {
        return jdbc.queryOne(
                        "select id, customer from cart where id = ?",
                        row -> new Cart(row.getLong("id"), row.getString("customer"), List.of(), 0),
                        id)
                .map(this::withLines);
    }

    /** One line of a cart. */
    public Optional<Cart.Line> findLine(long cart, long line) {
        return jdbc.queryOne(SELECT_LINES + " and l.id = ?", Carts::line, cart, line);
    }

    /** Puts some of a product into a cart; both must exist. */
    public Cart.Line add(long cart, Product product, int quantity) {
        long id = jdbc.insert(
                "insert into cart_line (cart_id, product_id, quantity) values (?, ?, ?)", cart, product.id(), quantity);
        return new Cart.Line(id, product.id(), product.name(), quantity, product.priceCents());
    }

    private Cart withLines(Cart cart) {
        List<Cart.Line> lines = jdbc.query(SELECT_LINES + " order by l.id", Carts::line, cart.id());
        long totalCents = lines.stream()
                .mapToLong(line -> (long) line.quantity() * line.priceCents())
                .sum();
        return new Cart(cart.id(), cart.customer(), lines, totalCents);
    }

    private static Cart.Line line(ResultSet row) throws SQLException {
        return new Cart.Line(
                row.getLong("id"),
                row.getInt("product_id"),
                row.getString("name"),
                row.getInt("quantity"),
                row.getInt("price_cents"));
    }
}
