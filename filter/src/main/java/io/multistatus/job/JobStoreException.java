package io.multistatus.job;

/** The store of jobs cannot be asked, or does not take what it is told. */
public final class JobStoreException extends Exception {
    private static final long serialVersionUID = 1;

    /** @param message what could not be done, and why */
    public JobStoreException(String message) {
        super(message);
    }

    /** @param message what could not be done */
    public JobStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
