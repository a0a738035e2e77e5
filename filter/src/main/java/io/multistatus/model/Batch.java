package io.multistatus.model;

import java.util.List;

/**
 * The items of one batch in the order the client wrote them, ids and dependencies already checked (see
 * {@link BatchBuilder}). Immutable.
 *
 * @param items the items; {@code items.get(i).index() == i}
 */
public record Batch(List<Subrequest> items) {

    /** Copies the list, so that the batch is immutable. */
    public Batch {
        items = List.copyOf(items);
    }

    /** How many items there are. */
    public int size() {
        return items.size();
    }
}
