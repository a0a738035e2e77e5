package io.multistatus.demo.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** What the shop sells on its first day; one line a product in {@code catalogue.csv}. */
final class Catalogue {
    private Catalogue() {}

    /** Puts in all of it, or nothing if there are products already: a database may outlive the process. */
    static void fillIfEmpty(Jdbc transaction) {
        boolean empty = transaction
                .query("select id from product fetch first row only", row -> row.getInt(1))
                .isEmpty();
        if (empty) {
            fill(transaction);
        }
    }

    private static void fill(Jdbc transaction) {
        int id = 0;
        for (String line : lines()) {
            String[] fields = line.split(";", -1);
            String category = fields[0];
            id++;
            transaction.update(
                    "insert into product (id, sku, name, category, price_cents) values (?, ?, ?, ?, ?)",
                    id,
                    "%s-%03d".formatted(category.substring(0, 2).toUpperCase(Locale.ROOT), id),
                    fields[1],
                    category,
                    Integer.parseInt(fields[2]));
            transaction.update(
                    "insert into stock (product_id, quantity) values (?, ?)", id, Integer.parseInt(fields[3]));
        }
    }

    private static List<String> lines() {
        InputStream csv = Catalogue.class.getResourceAsStream("catalogue.csv");
        if (csv == null) {
            throw new IllegalStateException("catalogue.csv is missing from the class path");
        }
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(csv, StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("catalogue.csv cannot be read", e);
        }
    }
}
