package io.multistatus.model;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One item of a batch, as its client wrote it: nothing in it has been resolved, inherited or judged yet. Immutable; the
 * bytes of {@code body} are never changed and may be read by any thread through {@link ByteBuffer#duplicate()}.
 *
 * @param index where it stands in the batch, from 0
 * @param id what the client calls it; null where the format lets an item go without
 * @param method the HTTP method, standard ones in upper case; empty if {@code fault} is there before it was known
 * @param url the URL as written, absolute or relative; empty if {@code fault} is there before it was known
 * @param headers the item's own fields, syntactically valid, not yet checked against what an item may set
 * @param body the body's bytes as they go to the handler; null for no body (an empty body is not null)
 * @param dependsOn names (see {@link ItemId#name}) of earlier items, or of groups, that must succeed first, in the order written
 * @param atomicityGroup the name of the group it belongs to, or null
 * @param fault why the item cannot run although the batch can, or null: it is then the item's whole answer
 */
public record Subrequest(
        int index,
        @Nullable ItemId id,
        String method,
        String url,
        Headers headers,
        @Nullable ByteBuffer body,
        List<String> dependsOn,
        @Nullable String atomicityGroup,
        @Nullable Problem fault) {

    /** Copies the lists, so that the item is immutable. */
    public Subrequest {
        dependsOn = List.copyOf(dependsOn);
    }

    /** Its id for messages and logs; {@code #} and its position, counted from 1, where it has none. */
    public String label() {
        return id == null ? "#" + (index + 1) : id.text();
    }

    /** This item with other fields. */
    public Subrequest withHeaders(Headers newHeaders) {
        return new Subrequest(index, id, method, url, newHeaders, body, dependsOn, atomicityGroup, fault);
    }

    /** Whether its method is safe: GET, HEAD or OPTIONS (RFC 9110, section 9.2.1). */
    public boolean isSafe() {
        return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
    }

    /** The fault, if it has one. */
    public Optional<Problem> findFault() {
        return Optional.ofNullable(fault);
    }
}
