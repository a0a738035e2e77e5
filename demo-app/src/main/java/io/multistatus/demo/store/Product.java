package io.multistatus.demo.store;

/**
 * Something the shop sells.
 *
 * @param id its number in the catalogue
 * @param sku its code in the warehouse
 * @param name what it is called
 * @param category what it is among
 * @param priceCents what one costs, in euro cents
 */
public record Product(int id, String sku, String name, String category, int priceCents) {}
