package io.multistatus.demo.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The catalogue and the stock. Thread-safe. */
public final class Products {
    private final Jdbc jdbc;

    Products(Jdbc jdbc) {
        this.jdbc = jdbc;
    }

    /** All products in the order of their numbers, {@code limit} at most, {@code offset} of them skipped. */
    public List<Product> list(int offset, int limit) {
        return jdbc.query(
                "select id, sku, name, category, price_cents from product order by id offset ? rows fetch next ? rows only",
                Products::product,
                offset,
                limit);
    }

    /** The products of one category, likewise. */
    public List<Product> list(String category, int offset, int limit) {
        return jdbc.query(
                "select id, sku, name, category, price_cents from product where category = ?"
                        + " order by id offset ? rows fetch next ? rows only",
                Products::product,
                category,
                offset,
                limit);
    }

    /** The product of that number. */
    public Optional<Product> find(int id) {
        return jdbc.queryOne(
                "select id, sku, name, category, price_cents from product where id = ?", Products::product, id);
    }

    /** The stock of the product of that number. */
    public Optional<Stock> stock(int product) {
        return jdbc.queryOne(
                "select product_id, quantity, reserved from stock where product_id = ?", Products::stock, product);
    }

    /** Counts a product anew; false, and nothing is changed, if more of it is reserved than that. */
    public boolean setQuantity(int product, int quantity) {
        return jdbc.update(
                        "update stock set quantity = ? where product_id = ? and reserved <= ?",
                        quantity,
                        product,
                        quantity)
                == 1;
    }

    private static Product product(ResultSet row) throws SQLException {
        return new Product(
                row.getInt("id"),
                row.getString("sku"),
                row.getString("name"),
                row.getString("category"),
                row.getInt("price_cents"));
    }

    private static Stock stock(ResultSet row) throws SQLException {
        return new Stock(row.getInt("product_id"), row.getInt("quantity"), row.getInt("reserved"));
    }
}
