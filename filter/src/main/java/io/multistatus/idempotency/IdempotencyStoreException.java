package io.multistatus.idempotency;

/** A store cannot be asked, or does not know. */
public final class IdempotencyStoreException extends Exception {
    private static final long serialVersionUID = 1L;

    /** For a reason that whoever reads the log can do something about. */
    public IdempotencyStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
