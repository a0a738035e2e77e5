package io.multistatus.job;

/** How far a job has come. */
public enum JobState {
    /** Accepted; none of its items has begun. */
    QUEUED,
    /** Its items are at work. */
    RUNNING,
    /** Each item has its answer, be it a failure. */
    DONE,
    /** Its client has cancelled it: what had begun has ended, the rest has not run. */
    CANCELLED,
    /** The process that ran it has stopped, or died: what it has no answer to may have run or not. */
    INTERRUPTED;

    /** Whether nothing of it will change any more. */
    public boolean isOver() {
        return this != QUEUED && this != RUNNING;
    }
}
