package io.multistatus.job;

/** The store has no room for another job now. */
public final class JobStoreFullException extends Exception {
    private static final long serialVersionUID = 1;

    private final String setting;

    /**
     * @param message which bound is reached, and its name in the configuration
     * @param setting that name
     */
    public JobStoreFullException(String message, String setting) {
        super(message);
        this.setting = setting;
    }

    /** The bound's name in the configuration. */
    public String setting() {
        return setting;
    }
}
