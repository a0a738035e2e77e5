package io.multistatus;

/** Which way the items of a batch go into the app. */
public enum DispatcherChoice {
    /** Into the container itself, as streams of the batch's own connection; in containers that are known. */
    AUTO,
    /** Over a connection that the app opens to itself: the whole pipeline, in any container. */
    LOOPBACK,
    /**
     * By {@code RequestDispatcher.forward}, in any container: past filters mapped for {@code REQUEST} and past security
     * constraints, so to listed paths only.
     */
    FORWARD
}
