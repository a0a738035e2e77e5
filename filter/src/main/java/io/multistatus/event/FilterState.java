package io.multistatus.event;

/** What goes on in a batch filter at the moment it is asked. Thread-safe, and quick to ask. */
public interface FilterState {

    /** The batches that are being run or answered, those of jobs included. */
    int liveBatches();

    /** The bytes of requests and answers that all live batches and waiting jobs hold together. */
    long bufferedBytes();

    /** How many there may be of those ({@code maxBufferedBytes}). */
    long maxBufferedBytes();

    /** The threads that are stuck in handlers whose items have been given up; at {@code maxAbandoned} batches are refused. */
    int abandonedItems();

    /** How many there may be of those ({@code maxAbandoned}). */
    int maxAbandonedItems();

    /** The jobs of this node that wait for others to end. */
    int queuedJobs();

    /** How many may wait, besides those that run ({@code maxQueuedJobs}). */
    int maxQueuedJobs();

    /** The jobs of this node that are running. */
    int runningJobs();

    /** How many may run at once ({@code maxRunningJobs}). */
    int maxRunningJobs();
}
