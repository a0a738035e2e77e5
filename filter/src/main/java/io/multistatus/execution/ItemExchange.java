package io.multistatus.execution;

import io.multistatus.dispatch.Exchange;
import io.multistatus.dispatch.ResponseSink;
import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Collects the answer to one item within the budget. The host fills it; at any time the batch may give up on it: after
 * that nothing is collected any more, and the handler's writes fail. Thread-safe.
 */
final class ItemExchange implements ResponseSink {
    private static final byte[] NO_BYTES = {};

    private final int item;
    private final String label;
    private final BatchBudget budget;
    private final long maxResponseBytes;
    private final BatchRun run;

    // All below: guarded by this. No call to other code is made while holding it.
    private int status;
    private Headers headers = Headers.empty();
    private byte[] body = NO_BYTES;
    private int length;
    private long reserved;
    private boolean begun;
    private boolean closed;
    private boolean givenUp;
    private @Nullable Exchange exchange;

    ItemExchange(int item, String label, BatchBudget budget, long maxResponseBytes, BatchRun run) {
        this.item = item;
        this.label = label;
        this.budget = budget;
        this.maxResponseBytes = maxResponseBytes;
        this.run = run;
    }

    /** Says whether the item is to be dispatched; not if the batch has given up on it already. */
    synchronized boolean begin() {
        begun = !closed;
        return begun;
    }

    /** Whether the item has been dispatched, or is about to be. */
    synchronized boolean hasBegun() {
        return begun;
    }

    @Override
    public Runnable handedOver(Runnable task) {
        return CurrentItem.handedOver(task);
    }

    @Override
    public void head(int newStatus, Headers newHeaders) {
        Optional<String> limit;
        synchronized (this) {
            if (closed) {
                return;
            }
            status = newStatus;
            headers = newHeaders;
            limit = reserve(newHeaders.estimatedBytes());
        }
        if (limit.isPresent()) {
            refuse(tooLarge(
                    "The header of the answer to item '" + label + "' no longer fits into the batch", limit.get()));
        }
    }

    @Override
    public void data(ByteBuffer bytes) throws IOException {
        Optional<Problem> tooMuch;
        synchronized (this) {
            if (closed) {
                throw new IOException("Nobody waits for the answer to item '" + label + "' of the batch any more");
            }
            tooMuch = append(bytes);
        }
        if (tooMuch.isPresent()) {
            refuse(tooMuch.get());
            throw new IOException(tooMuch.get().detail());
        }
    }

    /** Returns why it did not, or nothing. */
    private Optional<Problem> append(ByteBuffer bytes) {
        int more = bytes.remaining();
        if (length + (long) more > maxResponseBytes) {
            return Optional.of(tooLarge(
                    "The answer to item '" + label + "' is longer than " + maxResponseBytes + " bytes",
                    "maxResponseBytes"));
        }
        Optional<String> limit = reserve(more);
        if (limit.isPresent()) {
            return Optional.of(
                    tooLarge("The answer to item '" + label + "' no longer fits into the batch", limit.get()));
        }
        if (length + more > body.length) {
            body = Arrays.copyOf(body, Math.max(length + more, length == 0 ? 0 : 2 * body.length));
        }
        bytes.duplicate().get(body, length, more);
        length += more;
        return Optional.empty();
    }

    /** Returns the limit that is in the way, if one is. */
    private Optional<String> reserve(long bytes) {
        Optional<String> limit = budget.reserveResponse(bytes);
        if (limit.isEmpty()) {
            reserved += bytes;
        }
        return limit;
    }

    private static Problem tooLarge(String why, String limit) {
        return Problem.of(507, "response-too-large", "The answer is too large for a batch")
                .detail(why + " (" + limit + ")")
                .limitedBy(limit);
    }

    private void refuse(Problem why) {
        Headers head = giveUp();
        run.settle(item, Subresponse.of(why, head));
    }

    @Override
    public void complete() {
        Subresponse response;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            response = Subresponse.of(status, headers, ByteBuffer.wrap(body, 0, length));
            body = NO_BYTES;
        }
        run.settle(item, response);
    }

    @Override
    public void instead(Problem problem) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        run.settle(item, Subresponse.of(problem));
    }

    @Override
    public void aborted(Throwable cause) {
        Headers head;
        synchronized (this) {
            if (closed) {
                // Whoever gave it up settles it: the container may be quicker to say that it has heard of that.
                return;
            }
            head = giveUp();
        }
        run.settleAborted(item, head, cause);
    }

    /**
     * Stops collecting and gives the room back.
     *
     * @return the fields that a client would have seen although it did not get the answer: its cookies
     */
    Headers giveUp() {
        synchronized (this) {
            if (closed) {
                return Headers.empty();
            }
            closed = true;
            givenUp = true;
            budget.releaseResponse(reserved);
            body = NO_BYTES;
            return headers.without(name -> !name.equalsIgnoreCase("Set-Cookie"));
        }
    }

    /** Gives the room back that the answer took. */
    synchronized void release() {
        if (!givenUp) {
            budget.releaseResponse(reserved);
            reserved = 0;
        }
    }

    /** Takes the handle to what has been dispatched; cancels it if nobody waits for it any more. */
    void dispatched(Exchange newExchange) {
        boolean tooLate;
        synchronized (this) {
            exchange = newExchange;
            tooLate = givenUp;
        }
        if (tooLate) {
            // Does nothing where the exchange has ended.
            newExchange.cancel(new IOException("The batch has given up on item '" + label + "'"));
        }
    }

    /** Tells the container that the item has been given up. Runs code of the host. */
    void cancel(Throwable cause) {
        @Nullable Exchange current;
        synchronized (this) {
            current = exchange;
        }
        if (current != null) {
            current.cancel(cause);
        }
    }
}
