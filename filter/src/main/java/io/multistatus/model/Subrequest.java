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

    /** About how many bytes of memory an item takes that has nothing in it, with what is kept of it while it runs. */
    static final int BYTES_PER_ITEM = 1024;

    /** The same for the name of something that an item depends on. */
    static final int BYTES_PER_DEPENDENCY = 128;

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

    /** About how much memory it takes, in bytes. */
    public long estimatedBytes() {
        return overheadBytes()
                + headers.estimatedBytes()
                + method.length()
                + url.length()
                + label().length()
                + dependsOn.stream().mapToLong(String::length).sum()
                + (atomicityGroup == null ? 0 : atomicityGroup.length())
                + (body == null ? 0 : body.remaining());
    }

    /** What of that is neither text that its client wrote, in a byte a character, nor a field, nor the body. */
    long overheadBytes() {
        return BYTES_PER_ITEM
                + (long) BYTES_PER_DEPENDENCY * dependsOn.size()
                + widening(url)
                + (atomicityGroup == null ? 0 : widening(atomicityGroup))
                + dependsOn.stream().mapToLong(Subrequest::widening).sum()
                + (fault == null ? 0 : 2L * fault.detail().length());
    }

    /** With one character that is not Latin-1 a string takes two bytes for each. */
    private static int widening(String text) {
        return text.chars().anyMatch(c -> c > 0xff) ? text.length() : 0;
    }

    /** The fault, if it has one. */
    public Optional<Problem> findFault() {
        return Optional.ofNullable(fault);
    }
}
