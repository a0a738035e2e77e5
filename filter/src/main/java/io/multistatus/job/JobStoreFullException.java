package io.multistatus.job;

/** The store has no room for another job now. */
public final class JobStoreFullException extends Exception {
    private static final long serialVersionUID = 1;

    /** @param message which bound is reached, and its name in the configuration */
    public JobStoreFullException(String message) {
        super(message);
    }
}
