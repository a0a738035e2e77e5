package io.multistatus.idempotency;

import io.multistatus.idempotency.IdempotencyStore.Answered;
import io.multistatus.idempotency.IdempotencyStore.Claim;
import io.multistatus.model.Problem;
import io.multistatus.transaction.GroupScope;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request that has been let through, until its answer is stored and on its way, or its key is free again. Ends once, by
 * whichever thread comes first. Thread-safe.
 */
final class KeyedExchange implements AsyncListener {
    private static final Logger LOG = LoggerFactory.getLogger(KeyedExchange.class);
    private static final Problem IN_DOUBT = Problem.of(
                    500, "commit-in-doubt", "It is not known whether the request was done")
            .detail("The request ran in a group of which nobody knows whether it was committed; it does not run again");
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private final KeyedRequest request;
    private final HeldResponse response;
    private final Claim claim;
    /** Whether the answer is kept in the transaction of the group, and not when that has ended. */
    private final boolean transactional;
    /** The group that the request belongs to, if it does. */
    private final Optional<GroupScope> group = GroupScope.current();

    private final AtomicBoolean ended = new AtomicBoolean();

    /** Of the group's thread. */
    private @Nullable KeptWithWork withWork;

    // Guarded by this.
    private boolean dispatching;
    private boolean async;
    private boolean completed;

    /** @param transactional whether the claim is a {@link TransactionalClaim}, in the database of the group's transaction */
    KeyedExchange(KeyedRequest request, HeldResponse response, Claim claim, boolean transactional) {
        this.request = request;
        this.response = response;
        this.claim = claim;
        this.transactional = transactional;
        request.belongsTo(this);
    }

    KeyedRequest request() {
        return request;
    }

    HeldResponse response() {
        return response;
    }

    /** A dispatch to the handler begins. */
    synchronized void begin() {
        dispatching = true;
        async = false;
        completed = false;
        response.attended(true);
    }

    /** The handler goes on after its dispatch. */
    synchronized void startedAsync() {
        async = true;
    }

    /** The dispatch to the handler is over; if it has not gone async, so is all. */
    void dispatched() throws IOException {
        boolean over;
        synchronized (this) {
            dispatching = false;
            over = completed || (!async && !request.isAsyncStarted());
        }
        if (over) {
            finish();
        }
    }

    /** The handler has said all, but in a dispatch it may still write until that is over, as the container allows. */
    void complete() {
        synchronized (this) {
            if (dispatching) {
                completed = true;
                return;
            }
        }
        try {
            finish();
        } catch (IOException e) {
            LOG.debug("A stored answer did not reach its client", e);
        }
    }

    /** The handler has said all: stores it and lets it go. In a group that is all or nothing it is stored when that has ended. */
    void finish() throws IOException {
        if (ended.compareAndSet(false, true)) {
            settle();
            response.send();
        }
    }

    /** The same, but the answer waits for the end of the transaction. Returns whether it is one that is kept. */
    boolean end() {
        return ended.compareAndSet(false, true) && settle();
    }

    private boolean settle() {
        boolean kept = false;
        try {
            if (isKept(response.status())) {
                keep();
                kept = true;
            }
        } finally {
            if (!kept) {
                letRunAgain();
            }
        }
        return kept;
    }

    private void keep() {
        Answered answered = new Answered(request.fingerprint(), response.answer());
        if (group.isEmpty()) {
            store(answered);
        } else if (GroupScope.current().equals(group)) {
            group.get().join(participant(answered));
        } else {
            // It went async, and no group with such an item is committed.
            release();
        }
    }

    private GroupScope.Participant participant(Answered answered) {
        GroupScope.Participant beside = end -> groupEnded(end, answered);
        if (!transactional) {
            return beside;
        }
        withWork = new KeptWithWork((TransactionalClaim) claim, answered, beside);
        return withWork;
    }

    /** How the group has ended in which the answer was kept, as far as that can be known. */
    GroupScope.End known() {
        return withWork == null ? GroupScope.End.IN_DOUBT : withWork.known();
    }

    /** Whether an answer of that status is for all time. Of any other the next request may have more luck. */
    static boolean isKept(int status) {
        return status < SERVER_ERROR && status != TOO_MANY_REQUESTS;
    }

    /** Where nobody knows whether it has been done, it must not be done again: whoever asks is told as much. */
    private void groupEnded(GroupScope.End end, Answered answered) {
        switch (end) {
            case COMMITTED -> store(answered);
            case ROLLED_BACK -> release();
            case IN_DOUBT -> store(new Answered(answered.fingerprint(), StoredAnswer.of(IN_DOUBT)));
        }
    }

    private void store(Answered answered) {
        try {
            claim.complete(answered);
        } catch (IdempotencyStoreException | RuntimeException e) {
            LOG.error(
                    "The answer {} to {} {} could not be stored: if the request is sent again, it may run again",
                    answered.answer().status(),
                    request.getMethod(),
                    request.getRequestURI(),
                    e);
        }
    }

    /** The handler has failed: the next request with the key runs. */
    void fail() {
        if (ended.compareAndSet(false, true)) {
            letRunAgain();
        }
    }

    private void letRunAgain() {
        if (transactional && group.isPresent() && GroupScope.current().equals(group)) {
            group.get().join(new FailedWork(this::release));
        } else {
            release();
        }
    }

    private void release() {
        release(claim);
    }

    /** Frees the key, or lets it lapse. */
    static void release(Claim claim) {
        try {
            claim.release();
        } catch (IdempotencyStoreException | RuntimeException e) {
            LOG.warn("The key of a request that failed could not be freed; it is in use until its claim lapses", e);
        }
    }

    /** The container has ended it by itself: it took too long, or failed, or its filter is not asked for {@code ASYNC}. */
    @Override
    public void onComplete(AsyncEvent event) {
        if (response.isAttended() || group.isPresent() || !isKept(response.status())) {
            fail();
        } else if (ended.compareAndSet(false, true)) {
            LOG.warn("An answer to a request with an Idempotency-Key is not kept: map the IdempotencyFilter for ASYNC");
            store(new Answered(
                    request.fingerprintOfWhatWasRead(), response.answer().bare()));
        }
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        // The handler's own listener may still answer.
    }

    @Override
    public void onError(AsyncEvent event) {
        // The same.
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Each start adds it itself.
    }
}
