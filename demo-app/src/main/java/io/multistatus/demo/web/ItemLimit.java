package io.multistatus.demo.web;

import io.multistatus.event.BatchListener;
import io.multistatus.event.ItemEvent;
import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Lets a client send only so many items a minute, wherever they go: a limiter in front of the server counts a batch once,
 * those of the shop count what comes to them. One that is too many is refused before any filter or servlet of the shop has
 * been asked. Thread-safe.
 */
public final class ItemLimit implements BatchListener {
    private final int itemsPerMinute;
    private final ClientBuckets items;

    /** A limit of {@code itemsPerMinute} for each client, 1 or more. */
    public ItemLimit(int itemsPerMinute) {
        this.itemsPerMinute = itemsPerMinute;
        this.items = new ClientBuckets(itemsPerMinute, Duration.ofMinutes(1));
    }

    @Override
    public Optional<Subresponse> beforeItem(ItemEvent item) {
        String client = Objects.requireNonNullElse(item.batch().caller().remoteAddress(), "unknown");
        Duration wait = items.take(client);
        if (wait.isZero()) {
            return Optional.empty();
        }
        Problem problem = Problem.of(429, "too-many-items", "Too many items in a minute")
                .detail("Item '" + item.request().label() + "' was not run: a client may send " + itemsPerMinute
                        + " items a minute in batches")
                .with("limit", itemsPerMinute);
        return Optional.of(Subresponse.of(problem, Headers.of("Retry-After", ClientBuckets.retryAfter(wait))));
    }
}
