package io.multistatus.dispatch;

import io.multistatus.model.BatchException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Opens the way back into one container. Found by {@link java.util.ServiceLoader}; chosen by trying which one
 * recognises the request. Thread-safe.
 */
public interface DispatcherProvider {

    /**
     * Opens a virtual connection beside the one that {@code outer} came on.
     *
     * @param outer the batch's own request, as the filter got it: maybe wrapped
     * @param executor runs what the container wants to run later for an item, where it does not use threads of its own;
     *     never the container's connector threads, which the batch may be holding
     * @return empty if {@code outer} is not this provider's container's
     * @throws BatchException if it is, but this request cannot be served
     * @throws LinkageError if the container's classes are not there, or not those this provider was built for
     */
    Optional<Dispatcher> open(HttpServletRequest outer, Executor executor) throws BatchException;

    /**
     * The same, for those that also need the response to {@code outer}.
     *
     * @throws BatchException as {@link #open(HttpServletRequest, Executor)} does
     */
    default Optional<Dispatcher> open(HttpServletRequest outer, HttpServletResponse response, Executor executor)
            throws BatchException {
        return open(outer, executor);
    }

    /**
     * Whether {@code request} is an item of a batch, of whatever app in the container; to be told even where the container's
     * classes are hidden from this app.
     *
     * @param request the container's own
     */
    default boolean isItem(HttpServletRequest request) {
        return false;
    }
}
