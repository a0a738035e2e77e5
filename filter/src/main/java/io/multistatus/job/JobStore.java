package io.multistatus.job;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where jobs and their answers are remembered. A store may be shared by several nodes: each runs the jobs it has created itself, for
 * as long as it renews their leases, and all answer for all jobs. Methods may block. Implementations are thread-safe.
 *
 * <pre>
 *   create ──► QUEUED ──begin──► RUNNING ──end──► DONE, CANCELLED, INTERRUPTED ──expired, delete──► forgotten
 *                 └────────────────┴── its lease runs out ──► INTERRUPTED
 * </pre>
 */
public interface JobStore extends AutoCloseable {

    /** What a node is told about a job of its own when it renews its lease. */
    enum Lease {
        /** All is well. */
        HELD,
        /** As {@link #HELD}, and somebody has asked for {@link #cancel}. */
        CANCEL_REQUESTED,
        /** It ran out before, and the job is over for everyone; or the job has been deleted. Nothing more is taken of it. */
        LOST
    }

    /**
     * Remembers a new job, queued, and begins its lease.
     *
     * @param keep how long it is remembered if nobody ends it
     * @throws JobStoreFullException if there is no room for it
     */
    JobStatus create(Job job, Duration keep) throws JobStoreException, JobStoreFullException;

    /**
     * A queued job of this node begins to run.
     *
     * @return false if its lease has run out, or it has been deleted: it must not run
     */
    boolean begin(JobId id) throws JobStoreException;

    /**
     * Remembers answers to items of a running job of this node: all of them, or none and throws. What has been recorded
     * before is ignored, so a call may be repeated whose outcome is unknown.
     *
     * @return false if the lease has run out, or the job has been deleted: they are not taken
     * @throws JobStoreFullException if there is no room for them
     */
    boolean record(JobId id, List<JobAnswer> answers) throws JobStoreException, JobStoreFullException;

    /**
     * A job of this node, queued or running, is over. Does nothing if it is over already.
     *
     * @param keep how long it is remembered from now on
     */
    void end(JobId id, JobState state, Duration keep) throws JobStoreException;

    /** Any job that has not expired. One whose lease has run out is reported as interrupted from now on. */
    Optional<KnownJob> find(JobId id) throws JobStoreException;

    /** The items and answers of a job that {@link #find} knows; empty if it does not any more. */
    Optional<JobContent> content(JobId id) throws JobStoreException;

    /**
     * Asks the node that runs the job to cancel it, which it learns when it renews its lease.
     *
     * @return false if the job is over, or unknown
     */
    boolean cancel(JobId id) throws JobStoreException;

    /** Forgets a job that is over. */
    void delete(JobId id) throws JobStoreException;

    /**
     * Renews the leases of this node's jobs. Called several times in the time of a lease, without jobs too: a good moment to forget
     * what has expired.
     *
     * @param own those that are queued or running here
     * @return for each of {@code own}, how it stands with it
     */
    Map<JobId, Lease> renew(Collection<JobId> own) throws JobStoreException;

    /** Lets go of threads. Jobs are not touched. */
    @Override
    void close();
}
