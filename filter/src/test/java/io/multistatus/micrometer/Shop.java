package io.multistatus.micrometer;

import io.multistatus.event.BatchEvent;
import io.multistatus.event.FilterState;
import io.multistatus.event.ItemEvent;
import io.multistatus.event.RefusedBatchEvent;
import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import io.multistatus.support.BatchEvents;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** What listeners are told of. */
final class Shop {
    static final Duration DURATION = Duration.ofMillis(20);

    private Shop() {}

    static BatchEvent batch(String id, int items, String format, boolean job) {
        return new BatchEvent(id, "/batch", items, format, 1000, job, BatchEvents.NOBODY, Headers.empty());
    }

    static ItemEvent item(BatchEvent batch, int index, String method, String url) {
        return new ItemEvent(
                batch,
                new Subrequest(
                        index, ItemId.of("i" + index), method, url, Headers.empty(), null, List.of(), null, null));
    }

    static Subresponse answer(int status, int bytes, String... fields) {
        return Subresponse.of(status, Headers.of(fields), ByteBuffer.allocate(bytes));
    }

    static Summary summary(BatchEvent batch) {
        return new Summary(batch.items(), 0, List.of(), OptionalLong.empty());
    }

    /** Everything that there is a meter for. */
    static void tellOfEverything(MicrometerListener listener) {
        BatchEvent batch = batch("b", 2, "application/json", false);
        listener.batchBegun(batch);
        ItemEvent item = item(batch, 0, "GET", "/a");
        listener.itemBegun(item);
        listener.itemPostponed(item, answer(503, 0), Duration.ofSeconds(1));
        listener.itemBegun(item);
        listener.itemEnded(item, answer(200, 7, "Idempotency-Replayed", "true"), DURATION);
        listener.batchEnded(batch, summary(batch), DURATION);
        listener.batchRefused(
                new RefusedBatchEvent("/batch", BatchEvents.NOBODY, Problem.of(503, "overloaded", "Too much")));
        listener.jobDropped(batch("d", 1, "application/json", true), Problem.of(503, "cancelled", "Cancelled"));
    }

    record State(int number) implements FilterState {
        @Override
        public int liveBatches() {
            return number;
        }

        @Override
        public long bufferedBytes() {
            return 10L * number;
        }

        @Override
        public long maxBufferedBytes() {
            return 100L * number;
        }

        @Override
        public int abandonedItems() {
            return 2 * number;
        }

        @Override
        public int maxAbandonedItems() {
            return 20 * number;
        }

        @Override
        public int maxQueuedJobs() {
            return 30 * number;
        }

        @Override
        public int maxRunningJobs() {
            return 40 * number;
        }

        @Override
        public int queuedJobs() {
            return 3 * number;
        }

        @Override
        public int runningJobs() {
            return 4 * number;
        }
    }
}
