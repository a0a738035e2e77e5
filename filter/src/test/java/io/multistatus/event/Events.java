package io.multistatus.event;

import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Subrequest;
import io.multistatus.support.BatchEvents;
import java.util.List;

/** Events to tell listeners. */
final class Events {
    static final BatchEvent BATCH = BatchEvents.of("b-1", "/shop/batch", 3);

    static final FilterState STATE = new FilterState() {
        @Override
        public int liveBatches() {
            return 1;
        }

        @Override
        public long bufferedBytes() {
            return 2;
        }

        @Override
        public long maxBufferedBytes() {
            return 3;
        }

        @Override
        public int abandonedItems() {
            return 4;
        }

        @Override
        public int maxAbandonedItems() {
            return 7;
        }

        @Override
        public int maxQueuedJobs() {
            return 8;
        }

        @Override
        public int maxRunningJobs() {
            return 9;
        }

        @Override
        public int queuedJobs() {
            return 5;
        }

        @Override
        public int runningJobs() {
            return 6;
        }
    };

    private Events() {}

    static ItemEvent item(String id, String method, String url) {
        Headers headers = Headers.of("Authorization", "Bearer secret", "Cookie", "sid=secret");
        return new ItemEvent(
                BATCH, new Subrequest(0, ItemId.of(id), method, url, headers, null, List.of(), null, null));
    }
}
