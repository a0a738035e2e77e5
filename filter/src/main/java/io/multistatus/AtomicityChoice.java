package io.multistatus;

/** What becomes of groups of items that are to take effect together or not at all. */
public enum AtomicityChoice {
    /**
     * They run in the app's {@link io.multistatus.transaction.BatchTransaction}, if there is one, and are refused if there is
     * none.
     */
    AUTO,
    /** They run in a JTA transaction, by the container's {@code UserTransaction}. */
    JTA,
    /** They run in a transaction of a {@link io.multistatus.transaction.TransactionalDataSource}. */
    JDBC,
    /** They run in order and stop at the first failure; nothing is undone, and the answer says so. */
    NONE
}
