package io.multistatus.dispatch;

/**
 * What a {@link Dispatcher} can do.
 *
 * @param name what it dispatches into, for descriptions and logs: {@code jetty}
 * @param wireFidelity whether items pass everything that a request on the wire passes
 * @param concurrent whether items of one outer request may run at the same time; if not, they run one after
 *     another on the thread of the outer request, and what is dispatched on another thread, because that one is stuck in
 *     an item that has timed out, is refused
 * @param afterCommit whether items may still be dispatched once the outer response has begun
 */
public record DispatcherCapabilities(String name, boolean wireFidelity, boolean concurrent, boolean afterCommit) {}
