package io.multistatus.dispatch.undertow;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioIoThread;

/**
 * Tells a handler on the I/O thread that it may go on, again and again as long as it is resumed: memory is always ready.
 * Thread-safe.
 */
final class ReadyLoop implements Runnable {
    private final XnioIoThread thread;
    /** Once the connection is closed, the handler is told once more, so that it may find out, and then no longer. */
    private final BooleanSupplier connectionIsOpen;

    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile boolean resumed;
    private volatile @Nullable Runnable ready;

    ReadyLoop(XnioIoThread thread, BooleanSupplier connectionIsOpen) {
        this.thread = thread;
        this.connectionIsOpen = connectionIsOpen;
    }

    void tell(Runnable newReady) {
        ready = newReady;
    }

    void resume() {
        resumed = true;
        schedule();
    }

    void suspend() {
        resumed = false;
    }

    boolean isResumed() {
        return resumed;
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            thread.execute(this);
        }
    }

    @Override
    public void run() {
        scheduled.set(false);
        Runnable current = ready;
        if (!resumed || current == null) {
            return;
        }
        boolean open = connectionIsOpen.getAsBoolean();
        current.run();
        if (open && resumed) {
            schedule();
        }
    }
}
