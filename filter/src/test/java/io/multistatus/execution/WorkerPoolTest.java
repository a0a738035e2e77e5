package io.multistatus.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkerPoolTest {
    private static final InheritableThreadLocal<String> TENANT = new InheritableThreadLocal<>();

    private final ClassLoader loader = new URLClassLoader(new URL[0]);
    private final WorkerPool pool = new WorkerPool(2, false, loader);
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger begun = new AtomicInteger();

    @AfterEach
    void letGo() {
        release.countDown();
        pool.close();
    }

    @Test
    void noMoreTasksRunAtOnceThanThereAreThreads() throws Exception {
        occupy(5);
        await().until(() -> begun.get() == 2);
        CountDownLatch another = new CountDownLatch(1);
        pool.execute(another::countDown);
        assertThat(another.await(50, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(begun).hasValue(2);
        release.countDown();
        assertThat(another.await(30, TimeUnit.SECONDS)).isTrue();
        // The last of the five was taken earlier, by another thread that may not have got round to counting.
        await().untilAsserted(() -> assertThat(begun).hasValue(5));
    }

    @Test
    void aStuckThreadIsMadeUpForUntilItIsBack() throws Exception {
        occupy(2);
        await().until(() -> begun.get() == 2);
        CountDownLatch waiting = new CountDownLatch(1);
        pool.execute(waiting::countDown);
        pool.workerStuck();
        assertThat(waiting.await(30, TimeUnit.SECONDS)).isTrue();

        assertThat(pool.bound()).isEqualTo(3);

        pool.workerBack();
        assertThat(pool.bound()).isEqualTo(2);
    }

    /** The clock reports a worker after it has let go of the batch's lock, so the worker itself may be faster. */
    @Test
    void aWorkerMayBeBackBeforeItIsReportedStuck() throws Exception {
        try (WorkerPool single = new WorkerPool(1, false, loader)) {
            single.workerBack();
            single.workerStuck();
            FutureTask<Boolean> task = new FutureTask<>(() -> true);
            single.execute(task);
            assertThat(task.get(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void threadsAreDaemonsOfTheAppThatInheritNothing() throws Exception {
        TENANT.set("acme");
        try {
            FutureTask<String> tenant = new FutureTask<>(TENANT::get);
            pool.execute(tenant);
            assertThat(tenant.get(30, TimeUnit.SECONDS)).isNull();
        } finally {
            TENANT.remove();
        }
        FutureTask<Thread> thread = new FutureTask<>(Thread::currentThread);
        pool.execute(thread);
        assertThat(thread.get(30, TimeUnit.SECONDS).isDaemon()).isTrue();
        assertThat(thread.get().getName()).startsWith("multistatus-worker-");
        assertThat(thread.get().getContextClassLoader()).isSameAs(loader);
    }

    @Test
    void aClosedPoolTakesNothingMore() {
        pool.close();
        assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void virtualThreadsAreNotBoundedWhereTheJvmHasThemAndRefusedByNameWhereItHasNot() throws Exception {
        if (Runtime.version().feature() < 21) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> new WorkerPool(1, true, loader))
                    .withMessageStartingWith("virtualThreads needs Java 21 or later, this is 1");
            return;
        }
        try (WorkerPool virtual = new WorkerPool(1, true, loader)) {
            for (int i = 0; i < 50; i++) {
                virtual.execute(this::block);
            }
            await().until(() -> begun.get() == 50);
            FutureTask<Thread> thread = new FutureTask<>(Thread::currentThread);
            virtual.execute(thread);
            assertThat(thread.get(30, TimeUnit.SECONDS).getContextClassLoader()).isSameAs(loader);
            virtual.workerStuck();
            virtual.workerBack();
        }
    }

    private void occupy(int tasks) {
        for (int i = 0; i < tasks; i++) {
            pool.execute(this::block);
        }
    }

    private void block() {
        begun.incrementAndGet();
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
