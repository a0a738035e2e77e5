package io.multistatus.event;

import org.jspecify.annotations.Nullable;

/**
 * Who sent a batch, as the host sees them where the batch filter stands: after its own forwarding support, and after the
 * authentication of the endpoint's path. Items may say that they come from somebody else, by an {@code Authorization} of
 * their own. Immutable.
 *
 * @param remoteAddress the client's address, a proxy's if the host does not believe its fields; null if it has none
 * @param user the name of the authenticated user; null if there is none
 */
public record Caller(
        @Nullable String remoteAddress, @Nullable String user) {}
