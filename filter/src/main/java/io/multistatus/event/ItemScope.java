package io.multistatus.event;

/** What a listener has put around the work for an item on one thread. */
@FunctionalInterface
public interface ItemScope extends AutoCloseable {
    /** Nothing. */
    ItemScope NONE = () -> {};

    /** Takes it away again; called once, on the thread that it was put on. */
    @Override
    void close();
}
