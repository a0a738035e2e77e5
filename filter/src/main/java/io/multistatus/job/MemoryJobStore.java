package io.multistatus.job;

import io.multistatus.model.ItemId;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Remembers in the memory of this process, for as long as it lives. What is over a bound is refused: no result is thrown away
 * before its time. Leases do not run out. Thread-safe.
 */
public final class MemoryJobStore implements JobStore {
    /** What a job, an item or an answer takes beside the texts and bytes in it. */
    private static final int OVERHEAD_BYTES = 256;
    /** What is kept free for each item, so that there is always room for a status without a body. */
    private static final int KEPT_FREE_BYTES = 512;

    private final int maxJobs;
    private final long maxBytes;
    private final InstantSource clock;
    private final Map<JobId, Entry> entries = new HashMap<>();
    private long bytes;

    /** A job and what has become of it. */
    private static final class Entry {
        private final Job job;
        private final Instant createdAt;
        private final Map<Integer, JobAnswer> answers = new HashMap<>();
        private JobState state = JobState.QUEUED;
        private Instant expiresAt;
        private boolean cancelRequested;
        private int failed;
        private long bytes;

        Entry(Job job, Instant createdAt, Instant expiresAt, long bytes) {
            this.job = job;
            this.createdAt = createdAt;
            this.expiresAt = expiresAt;
            this.bytes = bytes;
        }

        JobStatus status() {
            return new JobStatus(
                    job.id(), state, job.batch().size(), answers.size() - failed, failed, createdAt, expiresAt);
        }

        void add(JobAnswer answer) {
            answers.put(answer.item(), answer);
            failed += answer.response().failed() ? 1 : 0;
        }
    }

    /**
     * Holds nothing yet.
     *
     * @param maxJobs how many jobs are remembered, those that are over too; 1 or more
     * @param maxBytes how much memory their items and answers may take, about; 1 or more
     */
    public MemoryJobStore(int maxJobs, long maxBytes) {
        this(maxJobs, maxBytes, InstantSource.system());
    }

    MemoryJobStore(int maxJobs, long maxBytes, InstantSource clock) {
        if (maxJobs < 1 || maxBytes < 1) {
            throw new IllegalArgumentException("maxJobs (" + maxJobs + ") and maxJobBytes (" + maxBytes
                    + ") are to be 1 or more: a store without room is none");
        }
        this.maxJobs = maxJobs;
        this.maxBytes = maxBytes;
        this.clock = clock;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public synchronized JobStatus create(Job job, Duration keep) throws JobStoreException, JobStoreFullException {
        Instant now = now();
        forgetExpired(now);
        if (entries.containsKey(job.id())) {
            throw new JobStoreException("there is a job " + job.id() + " already");
        }
        if (entries.size() >= maxJobs) {
            throw new JobStoreFullException(
                    "as many jobs are remembered as may be, " + maxJobs + " (maxJobs)", "maxJobs");
        }
        Entry entry = new Entry(job, now, now.plus(keep), estimatedBytes(job));
        checkRoom(entry.bytes);
        entries.put(job.id(), entry);
        bytes += entry.bytes;
        return entry.status();
    }

    private void checkRoom(long needed) throws JobStoreFullException {
        if (needed > maxBytes - bytes) {
            throw new JobStoreFullException(
                    "the jobs that are remembered take " + bytes + " bytes, and " + needed
                            + " more would be more than the " + maxBytes + " they may (maxJobBytes)",
                    "maxJobBytes");
        }
    }

    private void forgetExpired(Instant now) {
        entries.values().removeIf(entry -> {
            boolean expired = !entry.expiresAt.isAfter(now);
            bytes -= expired ? entry.bytes : 0;
            return expired;
        });
    }

    private @Nullable Entry known(JobId id) {
        Entry entry = entries.get(id);
        if (entry == null || entry.expiresAt.isAfter(now())) {
            return entry;
        }
        forget(entry);
        return null;
    }

    /** One that is queued or running. */
    private @Nullable Entry live(JobId id) {
        Entry entry = known(id);
        return entry == null || entry.state.isOver() ? null : entry;
    }

    private void forget(Entry entry) {
        entries.remove(entry.job.id());
        bytes -= entry.bytes;
    }

    @Override
    public synchronized boolean begin(JobId id) {
        Entry entry = live(id);
        if (entry == null) {
            return false;
        }
        entry.state = JobState.RUNNING;
        return true;
    }

    @Override
    public synchronized boolean record(JobId id, List<JobAnswer> answers) throws JobStoreFullException {
        Entry entry = live(id);
        if (entry == null) {
            return false;
        }
        Map<Integer, JobAnswer> added = new LinkedHashMap<>();
        long needed = 0;
        for (JobAnswer answer : answers) {
            answer.checkItem(entry.job.batch().size());
            if (!entry.answers.containsKey(answer.item()) && added.putIfAbsent(answer.item(), answer) == null) {
                needed += Math.max(0, estimatedBytes(answer) - KEPT_FREE_BYTES);
            }
        }
        checkRoom(needed);
        added.values().forEach(entry::add);
        entry.bytes += needed;
        bytes += needed;
        return true;
    }

    @Override
    public synchronized void end(JobId id, JobState state, Duration keep) {
        if (!state.isOver()) {
            throw new IllegalArgumentException("a job does not end as " + state);
        }
        Entry entry = live(id);
        if (entry != null) {
            entry.state = state;
            entry.expiresAt = now().plus(keep);
        }
    }

    @Override
    public synchronized Optional<KnownJob> find(JobId id) {
        return Optional.ofNullable(known(id))
                .map(entry ->
                        new KnownJob(entry.status(), entry.job.owner(), entry.job.dialect(), entry.job.mediaType()));
    }

    @Override
    public synchronized Optional<JobContent> content(JobId id) {
        return Optional.ofNullable(known(id)).map(entry -> new JobContent(entry.job.batch(), entry.answers));
    }

    @Override
    public synchronized boolean cancel(JobId id) {
        Entry entry = live(id);
        if (entry == null) {
            return false;
        }
        entry.cancelRequested = true;
        return true;
    }

    @Override
    public synchronized void delete(JobId id) {
        Entry entry = known(id);
        if (entry != null && entry.state.isOver()) {
            forget(entry);
        }
    }

    @Override
    public synchronized Map<JobId, Lease> renew(Collection<JobId> own) {
        forgetExpired(now());
        Map<JobId, Lease> leases = new HashMap<>();
        for (JobId id : own) {
            Entry entry = live(id);
            if (entry == null) {
                leases.put(id, Lease.LOST);
            } else {
                leases.put(id, entry.cancelRequested ? Lease.CANCEL_REQUESTED : Lease.HELD);
            }
        }
        return leases;
    }

    /** Has no threads. */
    @Override
    public void close() {}

    private static long estimatedBytes(Job job) {
        long sum = OVERHEAD_BYTES;
        for (Subrequest item : job.batch().items()) {
            ItemId id = item.id();
            String group = item.atomicityGroup();
            sum += OVERHEAD_BYTES
                    + KEPT_FREE_BYTES
                    + (id == null ? 0 : id.text().length())
                    + item.method().length()
                    + item.url().length()
                    + item.headers().estimatedBytes()
                    + (item.body() == null ? 0 : item.body().remaining())
                    + item.dependsOn().stream().mapToLong(String::length).sum()
                    + (group == null ? 0 : group.length())
                    + estimatedBytes(item.fault());
        }
        return sum;
    }

    private static long estimatedBytes(JobAnswer answer) {
        Subresponse response = answer.response();
        return OVERHEAD_BYTES
                + answer.target().length()
                + response.headers().estimatedBytes()
                + response.body().remaining()
                + estimatedBytes(response.problem());
    }

    private static long estimatedBytes(@Nullable Problem problem) {
        return problem == null ? 0 : OVERHEAD_BYTES + problem.detail().length();
    }
}
