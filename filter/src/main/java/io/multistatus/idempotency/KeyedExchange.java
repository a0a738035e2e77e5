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
    private final AtomicBoolean ended = new AtomicBoolean();

    KeyedExchange(KeyedRequest request, HeldResponse response, Claim claim) {
        this.request = request;
        this.response = response;
        this.claim = claim;
        request.belongsTo(this);
    }

    KeyedRequest request() {
        return request;
    }

    HeldResponse response() {
        return response;
    }

    /** The handler has said all: stores it and lets it go. In a group that is all or nothing it is stored when that has ended. */
    void finish() throws IOException {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        int status = response.status();
        Optional<GroupScope> group = GroupScope.current();
        if (isKept(status)) {
            Answered answered = new Answered(request.fingerprint(), response.answer());
            if (group.isPresent()) {
                group.get().join(end -> groupEnded(end, answered));
            } else {
                store(answered);
            }
        } else {
            release();
        }
        response.send();
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
        } catch (IdempotencyStoreException e) {
            LOG.error(
                    "The answer {} to {} {} could not be stored: if the request is sent again, it may run again",
                    answered.answer().status(),
                    request.getMethod(),
                    request.getRequestURI(),
                    e);
        }
    }

    void finishAsync() {
        try {
            finish();
        } catch (IOException e) {
            LOG.debug("A stored answer did not reach its client", e);
        }
    }

    /** The handler has failed: the next request with the key runs. */
    void fail() {
        if (ended.compareAndSet(false, true)) {
            release();
        }
    }

    private void release() {
        try {
            claim.release();
        } catch (IdempotencyStoreException e) {
            LOG.warn("The key of a request that failed could not be freed; it is in use until its claim lapses", e);
        }
    }

    /** The container has ended it by itself: it took too long, or failed, or its filter is not asked for {@code ASYNC}. */
    @Override
    public void onComplete(AsyncEvent event) {
        fail();
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
