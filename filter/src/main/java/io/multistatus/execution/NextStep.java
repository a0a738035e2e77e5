package io.multistatus.execution;

/** What is to be done next, by a worker or by somebody on behalf of the batch. */
enum NextStep {
    /** Run the item that the worker now has. */
    RUN_ITEM,
    /** Nothing now: others are at work, or the container is. */
    NOTHING,
    /** A worker is missing: there is a ready item and nobody free to take it. */
    START_WORKER,
    /** All is done: write the envelope. Given out once only. */
    DELIVER,
    /** This worker has been replaced and must not touch the batch again. */
    RETIRE
}
