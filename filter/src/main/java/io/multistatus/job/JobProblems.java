package io.multistatus.job;

import io.multistatus.model.BatchException;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import java.util.Set;

/** What is answered in place of an item that has not been, and of a job that is not taken. */
public final class JobProblems {
    private static final Problem CANCELLED = Problem.of(503, "cancelled", "The job was cancelled")
            .detail("The job was cancelled before the item had begun; it has not run");

    private static final Problem STOPPED = Problem.of(503, "interrupted", "The job was interrupted")
            .detail("The app stopped before the item had begun; it has not run");

    private static final Problem UNKNOWN = Problem.of(500, "interrupted", "The job was interrupted");

    private static final Set<String> CUT_SHORT = Set.of("cancelled", "interrupted", "stopping");

    private JobProblems() {}

    /** Of an item that has not begun, and will not since the job was cancelled. */
    static Problem cancelled() {
        return CANCELLED;
    }

    /** Of an item that has not begun, and will not since the app stops. */
    static Problem stopped() {
        return STOPPED;
    }

    /** Whether an answer says no more than that the item has not run. */
    static boolean isCancelled(Subresponse answer) {
        return answer.problem() != null && answer.problem().name().equals(CANCELLED.name());
    }

    /** Whether an item has not run, or not to its end, since the job ended early. */
    static boolean isCutShort(Subresponse answer) {
        return answer.problem() != null && CUT_SHORT.contains(answer.problem().name());
    }

    /** The answer to an item of a job that is over, if the store has none. */
    static Subresponse missing(JobState state, Subrequest item) {
        return Subresponse.of(
                state == JobState.CANCELLED
                        ? CANCELLED
                        : UNKNOWN.detail("The process that ran the job is gone. Nobody knows whether item '"
                                + item.label() + "' has run; what has an Idempotency-Key can be sent again"));
    }

    static BatchException stopping() {
        return new BatchException(
                refused("stopping", "The app is stopping", "The app takes no more jobs, because it is stopping"));
    }

    static BatchException queueFull(int queued) {
        return new BatchException(refused(
                        "job-queue-full",
                        "Too many jobs at once",
                        queued + " jobs are waiting already, as many as may (maxQueuedJobs)")
                .limitedBy("maxQueuedJobs"));
    }

    static BatchException storeFull(JobStoreFullException cause) {
        return new BatchException(
                refused("job-store-full", "Too many jobs are remembered", "The job is not taken: " + cause.getMessage())
                        .limitedBy(cause.setting()));
    }

    /** The store does not answer. */
    public static BatchException storeUnavailable() {
        return new BatchException(refused(
                "job-store-unavailable", "The store of jobs does not answer", "The store of jobs cannot be asked now"));
    }

    private static Problem refused(String name, String title, String detail) {
        return Problem.of(503, name, title).detail(detail);
    }
}
