/** Dispatches into Undertow 2.3, as one more connection beside the one that the batch came on. */
@NullMarked
package io.multistatus.dispatch.undertow;

import org.jspecify.annotations.NullMarked;
