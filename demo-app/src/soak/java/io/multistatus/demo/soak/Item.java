package io.multistatus.demo.soak;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * One item of a batch, and how its answer can be told from those to others: each asks for something that is seen in what
 * comes back.
 *
 * @param url what it GETs
 * @param expected tells whether an answer is that to this item
 */
record Item(String url, Expected expected) {
    private static final int PRODUCTS = 60;

    /** Tells an answer from those to others. */
    @FunctionalInterface
    interface Expected {
        boolean matches(int status, JsonNode body);
    }

    /** One that is answered soon. */
    static Item quick(RandomGenerator random) {
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> product(random.nextInt(PRODUCTS) + 1);
            case 3, 4 -> missing(random.nextInt(1_000_000_000) + 1_000);
            case 5, 6 -> slow(random.nextInt(100));
            case 7 -> flaky(random.nextInt(1_000_000_000));
            case 8 -> list(random.nextInt(PRODUCTS - 10));
            case 9 -> tiny();
            case 10 -> random.nextInt(10) == 0 ? boom() : report();
            default -> orders();
        };
    }

    private static Item product(int id) {
        return new Item(
                "/api/products/" + id,
                (status, body) -> status == 200 && body.path("id").asInt() == id);
    }

    private static Item missing(int id) {
        return new Item(
                "/api/products/" + id,
                (status, body) -> status == 404 && body.path("detail").asText().contains("'" + id + "'"));
    }

    static Item slow(int millis) {
        return new Item(
                "/api/slow?ms=" + millis,
                (status, body) -> status == 200 && body.path("sleptMillis").asInt() == millis);
    }

    /** A handler that is at work for longer than an item may take, unless the machine stands still meanwhile. */
    static Item hanging(int millis) {
        Expected answered = slow(millis).expected();
        return new Item(
                "/api/slow?ms=" + millis, (status, body) -> isLate(status, body) || answered.matches(status, body));
    }

    private static Item flaky(int digits) {
        String rate = String.format(Locale.ROOT, "0.%09d", digits);
        double value = Double.parseDouble(rate);
        return new Item(
                "/api/flaky?rate=" + rate,
                (status, body) -> status == 200
                        ? body.path("rate").asDouble() == value
                        : status == 503 && body.path("detail").asText().endsWith(" " + value));
    }

    /** An answer of some length. */
    static Item list(int offset) {
        return new Item(
                "/api/products?offset=" + offset,
                (status, body) -> status == 200
                        && body.path("products").size() == PRODUCTS - offset
                        && body.at("/products/0/id").asInt() == offset + 1);
    }

    private static Item tiny() {
        return new Item(
                "/api/tiny", (status, body) -> status == 200 && body.path("ok").asBoolean());
    }

    /** Asynchronous. */
    private static Item report() {
        return new Item("/api/reports/daily", (status, body) -> status == 200 && body.isObject());
    }

    private static Item boom() {
        return new Item(
                "/api/boom",
                (status, body) -> status == 500 && body.path("detail").asText().contains("/api/boom"));
    }

    private static Item orders() {
        return new Item(
                "/api/orders",
                (status, body) -> status == 401 && body.path("title").asText().equals("Login required"));
    }

    /** Whether the filter itself says that there was no time for it. */
    static boolean isLate(int status, JsonNode body) {
        return (status == 504 || status == 503) && body.path("type").asText().startsWith("urn:multistatus:");
    }
}
