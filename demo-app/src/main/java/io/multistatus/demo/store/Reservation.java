package io.multistatus.demo.store;

/**
 * Some of a product that nobody else can have.
 *
 * @param id its number
 * @param product the product's number
 * @param order the number of the order that it is for
 * @param quantity how many, at least 1
 */
public record Reservation(long id, int product, long order, int quantity) {}
