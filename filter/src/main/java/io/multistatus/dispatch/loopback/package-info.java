/**
 * Sends items over connections that the app opens to itself, in any container. With sockets of its own, because
 * {@code java.net.http} can say neither every target nor every field that a client can.
 */
@NullMarked
package io.multistatus.dispatch.loopback;

import org.jspecify.annotations.NullMarked;
