package io.multistatus.idempotency;

/** The value of an {@code Idempotency-Key} field is none. The message says why, as what follows "because". */
public final class MalformedKeyException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedKeyException(String message) {
        super(message);
    }
}
