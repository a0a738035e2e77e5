package io.multistatus.job;

import io.multistatus.model.Batch;
import io.multistatus.model.ItemId;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.reference.ReferenceResolver;
import io.multistatus.reference.Referent;
import io.multistatus.wire.RefusedRequestException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The items of a job that have failed, as a batch of their own: what they refer to in items that have succeeded is put in its
 * place, and they depend on each other only.
 */
public final class FailedItems {
    private static final Logger LOG = LoggerFactory.getLogger(FailedItems.class);

    private final JobResult result;
    private final ReferenceResolver references;
    private final boolean expressions;
    /** What the failed items are called in their own batch, by the names they have in the old one. */
    private final Map<String, ItemId> newIds = new HashMap<>();

    private final Set<String> failedGroups = new HashSet<>();

    /**
     * A failed item.
     *
     * @param request how it is to be sent again
     * @param lastStatus what it was answered
     */
    public record FailedItem(Subrequest request, int lastStatus) {}

    private FailedItems(JobResult result, ReferenceResolver references, boolean expressions) {
        this.result = result;
        this.references = references;
        this.expressions = expressions;
        Set<String> taken = new HashSet<>();
        for (Subrequest item : result.batch().items()) {
            if (hasFailed(item.index())) {
                if (item.id() != null) {
                    newIds.put(item.id().name(), free(item.id(), taken));
                }
                if (item.atomicityGroup() != null) {
                    failedGroups.add(item.atomicityGroup());
                }
            }
        }
    }

    /**
     * All of them, in their order.
     *
     * @param expressions whether the job's format has them; that of what becomes of the items has
     */
    public static List<FailedItem> of(JobResult result, ReferenceResolver references, boolean expressions) {
        FailedItems failed = new FailedItems(result, references, expressions);
        Set<String> taken = new HashSet<>();
        failed.newIds.values().forEach(id -> taken.add(id.text()));
        List<FailedItem> items = new ArrayList<>();
        Batch batch = result.batch();
        for (int i = 0; i < batch.size(); i++) {
            if (failed.hasFailed(i)) {
                Subrequest item = batch.items().get(i);
                ItemId id = item.id() == null
                        ? free(ItemId.of("item-" + (i + 1)), taken)
                        : Objects.requireNonNull(failed.newIds.get(item.id().name()));
                items.add(new FailedItem(
                        failed.again(item, items.size(), id),
                        result.responses().get(i).status()));
            }
        }
        return items;
    }

    /** In some formats ids are unique in a part of the batch only, or left out. */
    private static ItemId free(ItemId wanted, Set<String> taken) {
        if (taken.add(wanted.text())) {
            return new ItemId(wanted.text(), wanted.spelling());
        }
        int more = 2;
        while (!taken.add(wanted.text() + "~" + more)) {
            more++;
        }
        return ItemId.of(wanted.text() + "~" + more);
    }

    private boolean hasFailed(int index) {
        return result.responses().get(index).failed();
    }

    private Subrequest again(Subrequest item, int index, ItemId id) {
        Subrequest resolved;
        try {
            resolved = references.resolveKnown(
                    item,
                    other -> !hasFailed(other),
                    other -> new Referent(
                            result.targets().get(other), result.responses().get(other)));
        } catch (RefusedRequestException e) {
            LOG.debug("An item cannot be written to be sent again", e);
            return faulty(item, index, id, e);
        }
        if (references.places(resolved, this::hasFailed, true)
                > references.places(item, this::hasFailed, expressions)) {
            return faulty(
                    item,
                    index,
                    id,
                    new RefusedRequestException(Problem.malformedRequest("Item '" + item.label()
                            + "' has text in it that would be taken for a reference when it is posted again")));
        }
        String url = resolved.url();
        List<String> dependsOn = new ArrayList<>();
        for (String name : resolved.dependsOn()) {
            ItemId other = newIds.get(name);
            if (other != null) {
                dependsOn.add(other.text());
                url = renamed(url, name, other);
            } else if (failedGroups.contains(name)) {
                dependsOn.add(name);
            }
        }
        return new Subrequest(
                index,
                id,
                resolved.method(),
                url,
                resolved.headers(),
                resolved.body(),
                dependsOn,
                resolved.atomicityGroup(),
                resolved.fault());
    }

    /** A URL may begin with the id of another item. */
    private static String renamed(String url, String name, ItemId other) {
        int end = name.indexOf('\0');
        String old = "$" + (end < 0 ? name : name.substring(0, end));
        boolean refers = url.equals(old) || url.startsWith(old + "/") || url.startsWith(old + "?");
        return refers ? "$" + other.text() + url.substring(old.length()) : url;
    }

    /** What it refers to does not fit: it fails by itself when it is sent again, and no other with it. */
    private static Subrequest faulty(Subrequest item, int index, ItemId id, RefusedRequestException why) {
        return new Subrequest(
                index,
                id,
                item.method(),
                item.url(),
                item.headers(),
                null,
                List.of(),
                item.atomicityGroup(),
                why.problem());
    }
}
