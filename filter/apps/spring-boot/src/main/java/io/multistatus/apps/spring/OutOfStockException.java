package io.multistatus.apps.spring;

/** What the app's advice makes a problem of. */
class OutOfStockException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutOfStockException(String article) {
        super(article);
    }
}
