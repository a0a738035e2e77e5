package io.multistatus.demo.web;

import io.multistatus.demo.store.Product;
import io.multistatus.demo.store.Products;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/**
 * What somebody wants, by the body of a request: {@code {"product": 7, "quantity": 2}}.
 *
 * @param product a product of the catalogue
 * @param quantity how many, from 1 to {@link #MAX_QUANTITY}
 */
record Wanted(Product product, int quantity) {
    static final int MAX_QUANTITY = 1000;

    /** @throws ProblemException 422 that names the fields if these cannot be, or if there is no such product */
    static Wanted read(HttpServletRequest request, Products products) throws ProblemException, IOException {
        Fields fields = Json.read(request);
        int id = (int) fields.number("product", 1, Integer.MAX_VALUE);
        int quantity = (int) fields.number("quantity", 1, MAX_QUANTITY);
        fields.check();
        Product product = products.find(id)
                .orElseThrow(
                        () -> ProblemException.invalid("product", "must be in the catalogue, as " + id + " is not"));
        return new Wanted(product, quantity);
    }
}
