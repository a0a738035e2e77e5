package io.multistatus.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Collects the items of a batch while they are read and checks what makes a batch one, whatever its format: how many
 * items, ids that are unique, dependencies that point backwards. Each check runs as soon as it can, so that a reader
 * stops reading at the first item that is one too many. Not thread-safe.
 */
public final class BatchBuilder {
    /** The longest id, in characters. */
    public static final int MAX_ID_LENGTH = 128;

    /** For each item that a batch may have, so that with the default no batch can have too many. */
    private static final int MAX_DEPENDENCIES_PER_REQUEST = 100;

    private final int maxRequests;
    private final LongPredicate room;
    private final List<Subrequest> items = new ArrayList<>();
    /** By their names. */
    private final Set<String> ids = new HashSet<>();

    private final Map<String, Group> groups = new HashMap<>();
    /** A dependency on a group counts for each of its members: a plan has an edge for each. */
    private long dependencies;

    private static final class Group {
        final String firstMember;
        int size;

        Group(String firstMember) {
            this.firstMember = firstMember;
        }
    }

    /** A batch of at most {@code maxRequests} items, which may take any room. */
    public BatchBuilder(int maxRequests) {
        this(maxRequests, bytes -> true);
    }

    /**
     * A batch of at most {@code maxRequests} items.
     *
     * @param room takes room for that many bytes more than have been read, or none and says no
     */
    public BatchBuilder(int maxRequests, LongPredicate room) {
        this.maxRequests = maxRequests;
        this.room = room;
    }

    /** How many items have been added: the index of the next one. */
    public int size() {
        return items.size();
    }

    /**
     * Refuses the batch if it already holds as many items as it may; to be called where the next item begins, before
     * anything of it is read.
     *
     * @param pending how many have been read that have not been added yet
     * @throws BatchException 413 with the limit
     */
    public void beforeNext(int pending) throws BatchException {
        if (items.size() + pending >= maxRequests) {
            throw new BatchException(Problem.of(413, "too-many-requests", "Too many requests in the batch")
                    .detail("The batch has more than " + maxRequests + " requests (maxRequests)")
                    .with("limit", maxRequests)
                    .limitedBy("maxRequests"));
        }
    }

    /**
     * Takes room for a field that is about to be kept, besides that for its text, which has been read. To be called for one after
     * another: a client may write many, and stop.
     *
     * @throws BatchException 503 if there is none
     */
    public void reserveField() throws BatchException {
        reserve(Headers.BYTES_PER_FIELD);
    }

    /**
     * Takes room for an item that has been read, besides that for its text, fields and body.
     *
     * @throws BatchException 503 if there is none
     */
    public void reserveItem(Subrequest item) throws BatchException {
        reserve(item.overheadBytes());
    }

    /**
     * Takes room for what is kept of the batch and is longer than its client wrote it.
     *
     * @throws BatchException 503 if there is none
     */
    public void reserve(long bytes) throws BatchException {
        if (bytes > 0 && !room.test(bytes)) {
            throw new BatchException(noRoom());
        }
    }

    /** 503: there is no room for the batch now. */
    public static Problem noRoom() {
        return Problem.of(503, "overloaded", "Too many batches at once")
                .detail("The batches that are running hold all the memory they may (maxBufferedBytes)")
                .limitedBy("maxBufferedBytes");
    }

    /**
     * Adds an item; its index must be {@link #size()}.
     *
     * @throws BatchException 400 if its id is malformed or not unique, if it depends on something that does not stand
     *     earlier in the batch, or if its group has ended (OData JSON Format 4.01, section 19.1: its items are adjacent);
     *     413 if the dependencies are too many
     */
    public void add(Subrequest item) throws BatchException {
        String label = item.label();
        ItemId id = item.id();
        if (id != null) {
            checkId(id, item.index());
        }
        for (String name : item.dependsOn()) {
            Group group = groups.get(name);
            dependencies += group == null ? 1 : group.size;
            if (group == null && !ids.contains(name)) {
                throw malformed("Item '" + label + "' depends on " + Problem.quote(name)
                        + ", which is neither the id nor the group of an earlier item");
            }
        }
        String group = item.atomicityGroup();
        if (group != null) {
            if (ids.contains(group) || (id != null && id.name().equals(group))) {
                throw malformed("Item '" + label + "' names its atomicityGroup " + Problem.quote(group)
                        + ", which is an item's id");
            }
            Group known = groups.computeIfAbsent(group, name -> new Group(label));
            if (known.size > 0 && !group.equals(items.get(items.size() - 1).atomicityGroup())) {
                throw malformed("Item '" + label + "' belongs to the atomicityGroup " + Problem.quote(group)
                        + ", but other items stand between it and the rest of the group");
            }
            known.size++;
        }
        checkDependencies(label);
        if (id != null) {
            ids.add(id.name());
        }
        items.add(item);
    }

    /** The batch of all items added. */
    public Batch build() {
        return new Batch(items);
    }

    private void checkId(ItemId id, int index) throws BatchException {
        String text = id.text();
        int length = text.codePointCount(0, text.length());
        if (length == 0 || length > MAX_ID_LENGTH || hasControl(text)) {
            throw malformed("The id of item #" + (index + 1) + " has " + length
                    + " characters or a control among them; 1 to " + MAX_ID_LENGTH + " without controls are allowed");
        }
        if (ids.contains(id.name())) {
            throw malformed("The id '" + text + "' of item #" + (index + 1) + " is taken by an earlier item");
        }
        @Nullable Group group = groups.get(id.name());
        if (group != null) {
            throw malformed("The id '" + text + "' of item #" + (index + 1) + " is the atomicityGroup of item '"
                    + group.firstMember + "'");
        }
    }

    private void checkDependencies(String label) throws BatchException {
        long most = (long) MAX_DEPENDENCIES_PER_REQUEST * maxRequests;
        if (dependencies > most) {
            throw new BatchException(Problem.of(413, "too-many-dependencies", "Too many dependencies in the batch")
                    .detail("With item '" + label + "' the batch has more than " + most
                            + " dependencies, those on a group counted by its members")
                    .with("limit", most)
                    .limitedBy("maxRequests"));
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
