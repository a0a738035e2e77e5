package io.multistatus.execution;

/** What becomes of groups of several items of which one may change something. */
public enum Atomicity {
    /** They run in a transaction. */
    TRANSACTION,
    /** They run in order and stop at the first failure; nothing is undone. */
    NONE,
    /** They are refused. */
    NOT_SUPPORTED
}
