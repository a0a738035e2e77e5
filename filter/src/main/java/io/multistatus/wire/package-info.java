/** From an item as its client wrote it to the request as it would have come over the wire, and what must be refused on the way. */
@NullMarked
package io.multistatus.wire;

import org.jspecify.annotations.NullMarked;
