package io.multistatus.dispatch;

import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Takes the answer to one dispatched subrequest: {@link #head}, {@link #data} any number of times, then
 * {@link #complete}; or {@link #aborted} at any point; or {@link #instead} alone. Calls come one after another, with a
 * happens-before edge between them, on whatever threads the host answers on.
 */
public interface ResponseSink {

    /**
     * The final status and all fields, as they would have gone over the wire. Interim (1xx) responses are not passed on.
     */
    void head(int status, Headers headers);

    /**
     * A piece of the body; its bytes are copied before this returns. Never called for bodies that the wire would not
     * carry (HEAD, 204, 304).
     *
     * @throws IOException if nobody wants the rest: too much of it, or the item has been abandoned. The handler's write
     *     is to fail with it.
     */
    void data(ByteBuffer bytes) throws IOException;

    /** The answer is whole, as a client on the wire would see it. */
    void complete();

    /** The whole answer, where the host is not asked: {@code problem} says why. */
    void instead(Problem problem);

    /** The host cut the answer off (on the wire: a broken connection). Not the same as an answer of 5xx. */
    void aborted(Throwable cause);

    /**
     * For hosts that hand an item over to a thread of their own: what runs {@code task} there so that listeners and logs know
     * that it is for this item. To be called on the thread that dispatches the item.
     */
    default Runnable handedOver(Runnable task) {
        return task;
    }
}
