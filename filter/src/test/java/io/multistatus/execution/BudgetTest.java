package io.multistatus.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private final BufferBudget filter = new BufferBudget(100);
    private final BatchBudget batch = new BatchBudget(filter, 60);

    private static boolean reserve(BatchBudget budget, long bytes) {
        return budget.reserveResponse(bytes).isEmpty();
    }

    @Test
    void itSaysWhichLimitIsInTheWay() {
        assertThat(batch.reserveResponse(61)).contains("maxEnvelopeBytes");
        filter.tryReserve(50);
        assertThat(batch.reserveResponse(51)).contains("maxBufferedBytes");
        assertThat(batch.reserveResponse(50)).isEmpty();
    }

    @Test
    void aBudgetGivesJustAsMuchAsItHas() {
        assertThat(filter.tryReserve(99)).isTrue();
        assertThat(filter.tryReserve(2)).isFalse();
        assertThat(filter.tryReserve(1)).isTrue();
        assertThat(filter.tryReserve(1)).isFalse();
        assertThat(filter.heldBytes()).isEqualTo(100);
    }

    @Test
    void whatIsRefusedTakesNothing() {
        assertThat(filter.tryReserve(101)).isFalse();
        assertThat(filter.tryReserve(Long.MAX_VALUE)).isFalse();
        assertThat(filter.heldBytes()).isZero();
    }

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        assertThat(filter.tryReserve(100)).isTrue();
        filter.release(40);
        assertThat(filter.tryReserve(40)).isTrue();
        assertThat(filter.tryReserve(1)).isFalse();
    }

    /** It used to take the bytes first and put them back where they did not fit, and smaller ones were refused meanwhile. */
    @Test
    void somebodyWhoAsksForTooMuchDoesNotGetOthersRefused() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        CountDownLatch asking = new CountDownLatch(1);
        BatchBudget greedy = new BatchBudget(filter, Long.MAX_VALUE);
        Thread asker = new Thread(() -> {
            while (!enough.get()) {
                reserve(greedy, 101);
                asking.countDown();
            }
        });
        asker.start();
        asking.await();
        int refused = 0;
        for (int i = 0; i < 200_000; i++) {
            if (reserve(batch, 1)) {
                batch.releaseResponse(1);
            } else {
                refused++;
            }
        }
        enough.set(true);
        asker.join();
        assertThat(refused).isZero();
        assertThat(filter.heldBytes()).isZero();
    }

    @Test
    void theResponsesOfABatchMayHaveNoMoreThanAnEnvelopeTogether() {
        assertThat(reserve(batch, 60)).isTrue();
        assertThat(reserve(batch, 1)).isFalse();
        batch.releaseResponse(10);
        assertThat(reserve(batch, 11)).isFalse();
        assertThat(reserve(batch, 10)).isTrue();
        assertThat(filter.heldBytes()).isEqualTo(60);
    }

    @Test
    void theRequestCountsAgainstTheFilterOnly() {
        assertThat(batch.tryReserveRequest(90)).isTrue();
        assertThat(reserve(batch, 11)).isFalse();
        assertThat(reserve(batch, 10)).isTrue();
        assertThat(batch.tryReserveRequest(1)).isFalse();
    }

    @Test
    void aRefusalByTheFilterTakesNothingOfTheEnvelope() {
        filter.tryReserve(100);
        assertThat(reserve(batch, 60)).isFalse();
        filter.release(100);
        assertThat(reserve(batch, 60)).isTrue();
    }

    @Test
    void batchesShareTheFiltersBudget() {
        BatchBudget other = new BatchBudget(filter, 60);
        assertThat(reserve(batch, 60)).isTrue();
        assertThat(reserve(other, 60)).isFalse();
        batch.close();
        assertThat(reserve(other, 60)).isTrue();
    }

    @Test
    void closingGivesEverythingBackOnce() {
        batch.tryReserveRequest(20);
        reserve(batch, 30);
        batch.close();
        assertThat(filter.heldBytes()).isZero();
        batch.close();
        assertThat(filter.heldBytes()).isZero();
    }

    /** A late handler used to take room that nobody gave back any more, until the whole filter was full. */
    @Test
    void afterTheEndThereIsNoRoomAndNothingToGiveBack() {
        reserve(batch, 30);
        batch.close();
        assertThat(reserve(batch, 1)).isFalse();
        assertThat(batch.tryReserveRequest(1)).isFalse();
        batch.releaseResponse(30);
        assertThat(filter.heldBytes()).isZero();
    }

    @Test
    void fourThreadsNeverHoldMoreThanTheBudgetAndLeaveNothing() throws Exception {
        AtomicInteger over = new AtomicInteger();
        Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.length; t++) {
            int size = 7 * (t + 1);
            threads[t] = new Thread(() -> {
                for (int i = 0; i < 20_000; i++) {
                    if (reserve(batch, size)) {
                        over.addAndGet(filter.heldBytes() > 60 ? 1 : 0);
                        batch.releaseResponse(size);
                    }
                }
            });
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(over).hasValue(0);
        assertThat(filter.heldBytes()).isZero();
    }
}
