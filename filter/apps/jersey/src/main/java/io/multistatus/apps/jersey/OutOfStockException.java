package io.multistatus.apps.jersey;

/** What {@link OutOfStockMapper} has an answer for. */
final class OutOfStockException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutOfStockException(String article) {
        super(article);
    }
}
