package io.multistatus.demo.store;

/**
 * How much there is of a product.
 *
 * @param product the product's number
 * @param quantity how many lie in the warehouse
 * @param reserved how many of these are promised to somebody, at most {@code quantity}
 */
public record Stock(int product, int quantity, int reserved) {

    /** How many of these can still be reserved. */
    public int free() {
        return quantity - reserved;
    }
}
