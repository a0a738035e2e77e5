package io.multistatus.equivalence;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What Java has from 21 on, for code that is built for 17. */
public final class VirtualThreads {
    private VirtualThreads() {}

    /** A new virtual thread for each task; where there are none, an exception says so. */
    static ExecutorService executor() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Java " + Runtime.version() + " has no virtual threads", e);
        }
    }

    /** Whether the calling thread is one. */
    public static boolean isCurrent() {
        try {
            return (boolean) Thread.class.getMethod("isVirtual").invoke(Thread.currentThread());
        } catch (NoSuchMethodException e) {
            return false;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
