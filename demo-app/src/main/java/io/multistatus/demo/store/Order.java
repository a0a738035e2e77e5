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
public record Order(long id, String customer, String placedAt, long items, long totalCents) {}
