package io.multistatus.reference;

import io.multistatus.format.BaseReference;
import io.multistatus.model.Batch;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.wire.RefusedRequestException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the references in an item by what they refer to: in the URL, in the values of headers, and in the strings of a
 * JSON body. In one pass: what has been put in is not looked at again. What comes out has been judged no more than what
 * the client wrote, and goes through the same checks. One per batch; thread-safe.
 */
public final class ReferenceResolver {
    /** The items that have an id, by their names. */
    private final Map<String, Subrequest> items = new HashMap<>();
    /** As clients write them; the same one may mean several items. */
    private final Set<String> ids = new HashSet<>();

    private final boolean expressions;
    private final String scheme;
    private final String hostUrlPrefix;
    private final long maxBytes;
    private final AtomicLong taken = new AtomicLong();
    /** Most batches have nothing to look for. */
    private final boolean needed;

    /**
     * For the items of {@code batch}.
     *
     * @param expressions whether the batch's format has them. Without, only a URL that begins with {@code $id} refers to
     *     anything: what else looks like a reference has been written by someone who means text
     * @param scheme that of the batch's own URL
     * @param maxBytes how long the texts of an item may become together, and what is put into all items of the batch; the
     *     limit of the batch itself is a good one
     */
    public ReferenceResolver(Batch batch, boolean expressions, String scheme, long maxBytes) {
        this(batch, expressions, scheme, "", maxBytes);
    }

    /**
     * The same where something is put before the URLs that clients write.
     *
     * @param hostUrlPrefix the origin of the batch, so that nothing is put before those that the host gave: they are whole;
     *     empty if nothing is put before URLs
     */
    public ReferenceResolver(Batch batch, boolean expressions, String scheme, String hostUrlPrefix, long maxBytes) {
        this.hostUrlPrefix = hostUrlPrefix;
        this.expressions = expressions;
        this.scheme = scheme;
        this.maxBytes = maxBytes;
        needed = batch.items().stream().anyMatch(this::mayRefer);
        for (Subrequest item : batch.items()) {
            if (needed && item.id() != null) {
                items.put(item.id().name(), item);
                ids.add(item.id().text());
            }
        }
    }

    private boolean mayRefer(Subrequest item) {
        return !item.dependsOn().isEmpty()
                || (expressions ? Expression.mayBeIn(item.url()) : item.url().startsWith("$"));
    }

    /** Whether an item may refer to another, so that answers and targets have to be kept for that. */
    public boolean isNeeded() {
        return needed;
    }

    /**
     * The item as it is to be sent; {@code item} itself if there are no references in it.
     *
     * @param answered the items that it depends on, by their indices; all of them have been answered
     * @param room takes room for that many more bytes, or none and says no
     * @throws RefusedRequestException 424 if a reference yields nothing; 400 if what it yields cannot be where it is to be;
     *     413 or 507 if the item gets too long
     */
    public Subrequest resolve(Subrequest item, IntFunction<Referent> answered, LongPredicate room)
            throws RefusedRequestException {
        if (!needed) {
            return item;
        }
        Map<String, Integer> referable = referable(item);
        List<String> own = longestFirst(referable);
        if (expressions) {
            checkDeclared(item, own);
        } else {
            checkStandsBefore(item, own);
        }
        if (own.isEmpty() || item.fault() != null) {
            return item;
        }
        try {
            return resolve(item, referable, answered, room).orElse(item);
        } catch (RefusedRequestException e) {
            Problem problem = e.problem();
            throw new RefusedRequestException(problem.detail("Item '" + item.label() + "': " + problem.detail()));
        }
    }

    /**
     * As {@link #resolve}, but replaces only what refers to some of the items that it depends on; the rest stays as it is, and is not
     * judged.
     *
     * @param known whether the item with an index is one of those
     * @throws RefusedRequestException if one of these references cannot be replaced
     */
    public Subrequest resolveKnown(Subrequest item, IntPredicate known, IntFunction<Referent> answered)
            throws RefusedRequestException {
        Map<String, Integer> referable = referable(item);
        referable.values().removeIf(index -> !known.test(index));
        if (referable.isEmpty() || item.fault() != null) {
            return item;
        }
        return resolve(item, referable, answered, room -> true).orElse(item);
    }

    /**
     * In how many places an item refers to some of the items that it depends on.
     *
     * @param wanted whether the item with an index is one of those
     * @param withExpressions as a format has it that has expressions, whatever that of this batch has
     */
    public int places(Subrequest item, IntPredicate wanted, boolean withExpressions) {
        Map<String, Integer> referable = referable(item);
        referable.values().removeIf(index -> !wanted.test(index));
        return referable.isEmpty()
                ? 0
                : resolution(item, referable, ReferenceResolver::unanswered, withExpressions)
                        .places();
    }

    private static Referent unanswered(int index) {
        throw new IllegalStateException("nobody asks what item " + index + " was answered");
    }

    private Optional<Subrequest> resolve(
            Subrequest item, Map<String, Integer> referable, IntFunction<Referent> answered, LongPredicate room)
            throws RefusedRequestException {
        return resolution(item, referable, answered, expressions).resolve(bytes -> takeShare(bytes, room));
    }

    private Resolution resolution(
            Subrequest item, Map<String, Integer> referable, IntFunction<Referent> answered, boolean withExpressions) {
        List<String> own = longestFirst(referable);
        return new Resolution(
                item,
                own,
                withExpressions ? own : List.of(),
                id -> answered.apply(Objects.requireNonNull(referable.get(id))),
                scheme,
                hostUrlPrefix,
                maxBytes);
    }

    /** Of two that begin alike the longer one first. */
    private static List<String> longestFirst(Map<String, Integer> referable) {
        return referable.keySet().stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** Many short items can refer to one long answer; what they become is held until the batch ends. */
    private void takeShare(long bytes, LongPredicate room) throws RefusedRequestException {
        boolean ofItsShare = taken.addAndGet(bytes) <= maxBytes;
        if (!ofItsShare || !room.test(bytes)) {
            taken.addAndGet(-bytes);
            throw new RefusedRequestException(
                    ofItsShare
                            ? noRoom("all batches share", "maxBufferedBytes")
                            : noRoom("the items of a batch share", "maxBatchBytes"));
        }
    }

    private static Problem noRoom(String whose, String limit) {
        return Problem.of(507, "no-room", "There is no room for the subrequest")
                .detail("What it refers to does not fit into the room that " + whose + " (" + limit
                        + "); it has not run")
                .limitedBy(limit);
    }

    /** The indices of the items among its dependencies, by their ids as it writes them. */
    private Map<String, Integer> referable(Subrequest item) {
        if (item.dependsOn().isEmpty()) {
            return new HashMap<>();
        }
        Map<String, Integer> referable = new HashMap<>();
        for (String name : item.dependsOn()) {
            @Nullable Subrequest dependency = items.get(name);
            if (dependency != null && dependency.id() != null) {
                referable.put(dependency.id().text(), dependency.index());
            }
        }
        return referable;
    }

    /** A URL of the host's own seldom begins with a dollar and the id of an item of this very batch. */
    private void checkStandsBefore(Subrequest item, List<String> own) throws RefusedRequestException {
        Optional<String> id = BaseReference.idIn(item.url(), ids);
        if (id.isPresent() && !own.contains(id.get())) {
            throw new RefusedRequestException(Problem.malformedRequest("Item '" + item.label() + "' refers to "
                    + Problem.quote(id.get()) + " at the beginning of its url, but that does not stand before it"));
        }
    }

    /** Braces cannot be in a URL (RFC 3986, section 2), so one that seems to refer to an item is a mistake. */
    private void checkDeclared(Subrequest item, List<String> own) throws RefusedRequestException {
        String url = item.url();
        if (!Expression.mayBeIn(url)) {
            return;
        }
        List<String> all = new ArrayList<>(ids);
        all.sort(Comparator.comparingInt(String::length).reversed());
        for (Expression.Place place : Expression.findAll(url, all)) {
            if (!own.contains(place.expression().id())) {
                throw new RefusedRequestException(Problem.malformedRequest("Item '" + item.label() + "' refers to "
                        + Problem.quote(place.expression().text()) + " in its url, but its dependsOn does not name "
                        + Problem.quote(place.expression().id())));
            }
        }
    }
}
