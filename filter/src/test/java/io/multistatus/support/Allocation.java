package io.multistatus.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.function.ThrowingSupplier;

/**
 * What a reader may take: memory in proportion to its input, and not for ever. Memory is what the JVM says that the reading thread
 * has allocated, whether it is still held or not, so a collector that comes early or late changes nothing.
 */
public final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** What takes that long for some hundred kilobytes does not end, or takes time by the square of its input. */
    private static final Duration FOR_EVER = Duration.ofSeconds(60);

    private Allocation() {}

    /**
     * What {@code reading} returns.
     *
     * @param most bytes that it may allocate
     */
    public static <T> T within(long most, ThrowingSupplier<T> reading) {
        return assertTimeoutPreemptively(FOR_EVER, () -> {
            long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
            T result = reading.get();
            long allocated =
                    THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
            assertThat(allocated).as("bytes allocated").isLessThanOrEqualTo(most);
            return result;
        });
    }
}
