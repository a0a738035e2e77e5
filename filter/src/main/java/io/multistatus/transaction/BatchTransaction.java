package io.multistatus.transaction;

import java.time.Duration;

/**
 * A kind of transaction that a group of items can run in. The items of a group run one after another on one thread; what
 * their handlers do on that thread belongs to the transaction that was begun on it. Thread-safe: groups of several batches
 * run at the same time, each on a thread of its own.
 *
 * <p>The filter takes, in this order: what the configuration says ({@code atomicity}, or
 * {@link io.multistatus.BatchConfigBuilder#transaction}), the servlet context's attribute {@link #ATTRIBUTE}, and the service
 * that {@link java.util.ServiceLoader} finds with the class loader of the app when the filter is initialised.
 */
public interface BatchTransaction {
    /** The attribute of the servlet context that an app can leave its own in, at any time before the first group runs. */
    String ATTRIBUTE = "io.multistatus.transaction.BatchTransaction";

    /**
     * Begins a transaction on the calling thread, which must have none.
     *
     * @param limit how long the group may take; where a transaction can have a time limit of its own this is a good one
     * @throws Exception if there is no transaction to be had now; then no item of the group runs
     */
    Running begin(Duration limit) throws Exception;

    /** A transaction that has been begun. Ended by exactly one call of {@link #commit} or {@link #rollback}. */
    interface Running {

        /**
         * Makes all effects last, on the thread that began. Afterwards nothing of the transaction is left on the thread,
         * whether this succeeds or not.
         *
         * @throws RolledBackException if no effect remains
         * @throws Exception if it is not known what remains
         */
        void commit() throws Exception;

        /**
         * Undoes all effects, on the thread that began. Afterwards nothing of the transaction is left on the thread.
         *
         * @throws Exception if it is not known what remains
         */
        void rollback() throws Exception;

        /**
         * Nobody waits for the group any more, although a handler is still at work in it; {@link #rollback} follows when
         * that one comes back. Called on another thread than the rest. Where it can be done safely, what the handler still
         * tries to do should fail.
         */
        default void abandon() {}
    }

    /** The transaction could not be committed, and no effect remains. */
    final class RolledBackException extends Exception {
        private static final long serialVersionUID = 1L;

        /** Says why. */
        public RolledBackException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
