package io.multistatus.dispatch.undertow;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.xnio.ManagementRegistration;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import org.xnio.management.XnioServerMXBean;
import org.xnio.management.XnioWorkerMXBean;

/**
 * The server's worker as the items see it: its I/O threads, but not its pool. What Undertow wants to run later for an item
 * (async dispatches, completions, timeouts) runs on the batches' own executor, because every thread of the pool may be
 * waiting for a batch. Thread-safe.
 */
final class ItemWorker extends XnioWorker {
    private final XnioWorker server;
    private final Executor executor;

    ItemWorker(XnioWorker server, Executor executor) {
        // An external pool, which makes no thread; it is not used, since execute() goes elsewhere.
        super(server.getXnio()
                .createWorkerBuilder()
                .setWorkerName(server.getName())
                .setExternalExecutorService(server));
        this.server = server;
        this.executor = executor;
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    @Override
    public XnioIoThread getIoThread(int hashCode) {
        return server.getIoThread(hashCode);
    }

    @Override
    public int getIoThreadCount() {
        return server.getIoThreadCount();
    }

    @Override
    protected XnioIoThread chooseThread() {
        return server.getIoThread();
    }

    @Override
    public XnioWorkerMXBean getMXBean() {
        return server.getMXBean();
    }

    @Override
    protected ManagementRegistration registerServerMXBean(XnioServerMXBean metrics) {
        throw new UnsupportedOperationException("no servers on the worker of a batch");
    }

    /** Whoever ends the server ends it at the server's own worker. */
    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return server.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return server.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return server.awaitTermination(timeout, unit);
    }

    @Override
    public void awaitTermination() throws InterruptedException {
        server.awaitTermination();
    }
}
