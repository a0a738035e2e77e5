package io.multistatus.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects the items of a batch while they are read and checks what makes a batch one, whatever its format: how many
 * items, ids that are unique, dependencies that point backwards. Each check runs as soon as it can, so that a reader
 * stops reading at the first item that is one too many. Not thread-safe.
 */
public final class BatchBuilder {
    /** The longest id, in characters. */
    public static final int MAX_ID_LENGTH = 128;

    private final int maxRequests;
    private final List<Subrequest> items = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();
    /** Group name to the label of the item that named it first. */
    private final Map<String, String> groups = new HashMap<>();

    /** A batch of at most {@code maxRequests} items. */
    public BatchBuilder(int maxRequests) {
        this.maxRequests = maxRequests;
    }

    /** How many items have been added: the index of the next one. */
    public int size() {
        return items.size();
    }

    /**
     * Refuses the batch if it already holds as many items as it may; to be called where the next item begins, before
     * anything of it is read.
     *
     * @throws BatchException 413 with the limit
     */
    public void beforeNext() throws BatchException {
        if (items.size() >= maxRequests) {
            throw new BatchException(Problem.of(413, "too-many-requests", "Too many requests in the batch")
                    .detail("The batch has more than " + maxRequests + " requests (maxRequests)")
                    .with("limit", maxRequests));
        }
    }

    /**
     * Adds an item; its index must be {@link #size()}.
     *
     * @throws BatchException 400 if its id is malformed or not unique, or if it depends on something that does not
     *     stand earlier in the batch
     */
    public void add(Subrequest item) throws BatchException {
        String label = item.label();
        ItemId id = item.id();
        if (id != null) {
            checkId(id, item.index());
        }
        for (String name : item.dependsOn()) {
            if (!ids.contains(name) && !groups.containsKey(name)) {
                throw malformed("Item '" + label + "' depends on '" + name
                        + "', which is neither the id nor the group of an earlier item");
            }
        }
        String group = item.atomicityGroup();
        if (group != null) {
            if (ids.contains(group) || (id != null && id.text().equals(group))) {
                throw malformed("Item '" + label + "' names its atomicityGroup '" + group + "', which is an item's id");
            }
            groups.putIfAbsent(group, label);
        }
        if (id != null) {
            ids.add(id.text());
        }
        items.add(item);
    }

    /** The batch of all items added. */
    public Batch build() {
        return new Batch(items);
    }

    private void checkId(ItemId id, int index) throws BatchException {
        String text = id.text();
        if (text.isEmpty() || text.length() > MAX_ID_LENGTH || hasControl(text)) {
            throw malformed("The id of item #" + (index + 1) + " has " + text.length()
                    + " characters or a control among them; 1 to " + MAX_ID_LENGTH + " without controls are allowed");
        }
        if (ids.contains(text)) {
            throw malformed("The id '" + text + "' of item #" + (index + 1) + " is taken by an earlier item");
        }
        @Nullable String named = groups.get(text);
        if (named != null) {
            throw malformed(
                    "The id '" + text + "' of item #" + (index + 1) + " is the atomicityGroup of item '" + named + "'");
        }
    }

    private static boolean hasControl(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static BatchException malformed(String detail) {
        return new BatchException(Problem.malformedBatch(detail));
    }
}
