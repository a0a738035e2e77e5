package io.multistatus.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MemoryJobStoreTest extends JobStoreContract {
    private static final long MANY_BYTES = 1 << 20;

    @Override
    JobStore store() {
        return new MemoryJobStore(100, MANY_BYTES);
    }

    @Test
    void whereAsManyJobsAreAsMayBeIsRoomWhenOneIsForgotten() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        JobStore store = new MemoryJobStore(2, MANY_BYTES, now::get);
        Job done = running(store, 1);
        running(store, 1);
        store.end(done.id(), JobState.DONE, Duration.ofMinutes(1));
        assertThatThrownBy(() -> store.create(job(1), HOUR))
                .isInstanceOf(JobStoreFullException.class)
                .hasMessageContaining("2 (maxJobs)");
        now.set(Instant.EPOCH.plus(Duration.ofMinutes(1)).minusMillis(1));
        assertThatThrownBy(() -> store.create(job(1), HOUR)).isInstanceOf(JobStoreFullException.class);
        assertThat(store.find(done.id())).isPresent();

        now.set(Instant.EPOCH.plus(Duration.ofMinutes(1)));
        Job next = running(store, 1);
        store.end(next.id(), JobState.DONE, HOUR);
        assertThatThrownBy(() -> store.create(job(1), HOUR)).isInstanceOf(JobStoreFullException.class);
        store.delete(next.id());
        store.create(job(1), HOUR);
    }

    @Test
    void answersThatHaveNoRoomAreNotTaken() throws Exception {
        JobStore store = new MemoryJobStore(10, 10_000);
        Job job = running(store, 3);
        assertThat(store.record(job.id(), List.of(answer(0, 200, new byte[4_000]))))
                .isTrue();
        assertThatThrownBy(() ->
                        store.record(job.id(), List.of(answer(1, 200, new byte[10]), answer(2, 200, new byte[8_000]))))
                .isInstanceOf(JobStoreFullException.class)
                .hasMessageContaining("10000")
                .hasMessageContaining("maxJobBytes");
        assertThat(status(store, job).completed()).isEqualTo(1);
        assertThat(store.record(job.id(), List.of(answer(1, 200, new byte[10]))))
                .isTrue();
        assertThat(answers(store, job)).hasSize(2);
    }

    @Test
    void whatIsForgottenGivesItsBytesBack() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        JobStore store = new MemoryJobStore(10, 10_000, now::get);
        for (int round = 0; round < 20; round++) {
            Job job = running(store, 3);
            store.record(job.id(), List.of(answer(0, 200, new byte[7_000])));
            assertThatThrownBy(() -> store.create(job(10), HOUR))
                    .isInstanceOf(JobStoreFullException.class)
                    .hasMessageContaining("maxJobBytes");
            if (round % 2 == 0) {
                store.end(job.id(), JobState.DONE, HOUR);
                store.delete(job.id());
            } else {
                now.updateAndGet(last -> last.plus(HOUR));
            }
        }
    }

    @Test
    void aStoreWithoutRoomIsNone() {
        assertThatThrownBy(() -> new MemoryJobStore(0, 1)).hasMessageContaining("maxJobs (0)");
        assertThatThrownBy(() -> new MemoryJobStore(1, 0)).hasMessageContaining("maxJobBytes (0)");
    }
}
