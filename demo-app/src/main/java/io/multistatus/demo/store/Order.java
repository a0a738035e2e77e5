package io.multistatus.demo.store;

/**
 * What somebody has bought.
 *
 * @param id its number
 * @param customer who bought it
 * @param placedAt when, in ISO-8601
 * @param items how many things were bought
 * @param totalCents what they cost on that day, in euro cents
 */
public record Order(long id, String customer, String placedAt, long items, long totalCents) {

    /**
     * Some of one product.
     *
     * @param id the line's number
     * @param product the product's number
     * @param name the product's name
     * @param quantity how many, at least 1
     * @param priceCents what one cost when it was ordered, in euro cents
     */
    public record Line(long id, int product, String name, int quantity, int priceCents) {}
}
