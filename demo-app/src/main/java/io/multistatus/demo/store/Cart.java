package io.multistatus.demo.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody may be about to buy.
 *
 * @param id its number
 * @param customer whose it is, if that was said
 * @param lines what lies in it, in the order it was put there
 * @param totalCents what all of it costs, in euro cents
 */
public record Cart(long id, @Nullable String customer, List<Line> lines, long totalCents) {

    /**
     * Some of one product.
     *
     * @param id the line's number
     * @param product the product's number
     * @param name the product's name
     * @param quantity how many, at least 1
     * @param priceCents what one costs, in euro cents
     */
    public record Line(long id, int product, String name, int quantity, int priceCents) {}
}
