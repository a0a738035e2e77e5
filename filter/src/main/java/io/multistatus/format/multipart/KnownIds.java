package io.multistatus.format.multipart;

import io.multistatus.format.BaseReference;
import io.multistatus.format.Dialect;
import io.multistatus.model.ItemId;
import io.multistatus.model.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Content-IDs so far, and which item a URL means that begins with one (OData 4.01 Part 1, section 11.7.3.1).
 *
 * <p>In OData 4.01 they are unique in the batch. In 4.0 (Part 1, section 11.7.3.1) they are unique in their change set, and only
 * what stands in the same one can be referred to. So a URL in OData's dialect means the item of its own change set; if that
 * has none, the one that stands before it anywhere else, and there may be only one. The native dialect knows no change set
 * here: its ids are unique in the batch. Not thread-safe.
 */
final class KnownIds {
    private final boolean scoped;
    /** Those that items outside of change sets have; in the native dialect all. */
    private final Set<String> outside = new HashSet<>();
    /** All items of an id, whatever their change sets. */
    private final Map<String, List<Known>> all = new HashMap<>();
    /** Those that have come with the change set at hand. */
    private final List<String> added = new ArrayList<>();

    private Set<String> own = outside;
    private int changeSet;

    /**
     * An item of an id.
     *
     * @param lost whether it is not in the batch, since its change set is broken
     */
    private record Known(ItemId id, boolean lost) {}

    KnownIds(Dialect dialect) {
        this.scoped = dialect == Dialect.ODATA;
    }

    /** What follows is in that change set, counted from 1. */
    void enter(int number) {
        changeSet = number;
        added.clear();
        own = scoped ? new HashSet<>() : outside;
    }

    /** What follows is outside of change sets again; {@code broken} if nothing of the one at hand is in the batch. */
    void leave(boolean broken) {
        if (broken) {
            for (String text : added) {
                own.remove(text);
                items(text).replaceAll(known -> known.id().scope() == scope() ? new Known(known.id(), true) : known);
            }
        }
        changeSet = 0;
        own = outside;
    }

    /** The id of an item at hand, with its scope. */
    @Nullable
    ItemId inScope(@Nullable ItemId written) {
        return written == null ? null : written.in(scope());
    }

    private int scope() {
        return scoped ? changeSet : 0;
    }

    private List<Known> items(String text) {
        return all.computeIfAbsent(text, any -> new ArrayList<>(1));
    }

    /** From now on URLs can refer to the item. One id twice in a scope is found out where the item is added to the batch. */
    void add(@Nullable ItemId id) {
        if (id != null && own.add(id.text())) {
            added.add(id.text());
            List<Known> same = items(id.text());
            same.removeIf(known -> known.id().scope() == id.scope());
            same.add(new Known(id, false));
        }
    }

    /**
     * The name of the item that {@code url} refers to, if it does.
     *
     * @throws MalformedPartException 424 if that is lost, 400 if it may be several
     */
    List<String> dependencies(String url) throws MalformedPartException {
        Optional<String> mine = BaseReference.idIn(url, own);
        if (mine.isPresent()) {
            return List.of(new ItemId(mine.get(), ItemId.Spelling.PLAIN, scope()).name());
        }
        Optional<String> other = BaseReference.idIn(url, all.keySet());
        if (other.isEmpty()) {
            return List.of();
        }
        String text = other.get();
        List<Known> candidates = items(text);
        if (candidates.size() > 1) {
            throw new MalformedPartException("it refers to " + Problem.quote(text) + ", and " + candidates.size()
                    + " requests before it have that Content-ID, none of them "
                    + (changeSet == 0 ? "outside of change sets" : "in its own change set"));
        }
        if (candidates.get(0).lost()) {
            throw new MalformedPartException(
                    Problem.of(424, "failed-dependency", "An item that this one depends on has failed")
                            .detail("it refers to " + Problem.quote(text)
                                    + ", which is in a change set that is broken; it has not run")
                            .with("dependency", text)
                            .with("culprit", text));
        }
        return List.of(candidates.get(0).id().name());
    }
}
