package io.multistatus.idempotency;

/**
 * A key, and for whom it is one: other users may use the same.
 *
 * @param scope says who they are without telling it: 1 to 64 characters of ASCII
 * @param key 1 to 255 characters of printable ASCII
 */
public record ScopedKey(String scope, String key) {}
