package io.multistatus.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BatchExecutorTest {
    @Test
    void whatIsDoneAgainAndAgainIsDoneUntilItIsCancelled() throws Exception {
        try (BatchExecutor executor = new BatchExecutor(1, false, getClass().getClassLoader())) {
            CountDownLatch thrice = new CountDownLatch(3);
            AtomicInteger atOnce = new AtomicInteger();
            AtomicInteger mostAtOnce = new AtomicInteger();
            Future<?> repeated = executor.every(Duration.ofMillis(1), () -> {
                mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                thrice.countDown();
                atOnce.decrementAndGet();
                throw new IllegalStateException("on purpose");
            });
            thrice.await();
            repeated.cancel(false);
            assertThat(mostAtOnce).hasValue(1);
        }
    }

    /** What waits for its time may have a client's request in its hands. */
    @Test
    void whatIsNotToBeDoneAnyMoreIsNotHeld() {
        try (BatchExecutor executor = new BatchExecutor(1, false, getClass().getClassLoader())) {
            WeakReference<Object> held = cancelledTask(executor);
            await().until(() -> {
                System.gc();
                return held.get() == null;
            });
        }
    }

    private static WeakReference<Object> cancelledTask(BatchExecutor executor) {
        Object request = new Object();
        executor.after(Duration.ofDays(365), () -> assertThat(request).isNull()).cancel(false);
        return new WeakReference<>(request);
    }
}
