package io.multistatus.execution;

/** In which order the items of a batch run. */
public enum ExecutionMode {
    /** As if one after another in document order; safe items between two unsafe ones run side by side. */
    ORDERED,
    /** Everything that no dependency holds back runs side by side. */
    PARALLEL,
    /** Strictly one at a time, in document order. */
    SEQUENTIAL
}
