package io.multistatus.model;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A subrequest in its final form: what would have come over the wire had the client sent it alone. Everything that may
 * be inherited has been, everything that may not be set has been refused. Immutable.
 *
 * @param method the HTTP method
 * @param target the request target in origin form, path and query, as the client spelled it (RFC 9112, section 3.2.1)
 * @param headers all fields, {@code Host} among them, and {@code Content-Length} where there is a body
 * @param body the body's bytes, to be read through {@link ByteBuffer#duplicate()}; null for none
 */
public record WireRequest(
        String method,
        String target,
        Headers headers,
        @Nullable ByteBuffer body) {
    /** This request with {@code fields} in place of those of the same names. */
    public WireRequest with(Headers fields) {
        return fields.size() == 0 ? this : new WireRequest(method, target, fields.over(headers), body);
    }
}
