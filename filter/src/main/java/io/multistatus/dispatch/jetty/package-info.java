/** Dispatches into Jetty 12, as one more stream of the connection that the batch came on. */
@NullMarked
package io.multistatus.dispatch.jetty;

import org.jspecify.annotations.NullMarked;
