/** Batches and envelopes as {@code multipart/mixed} (RFC 2046, OData 4.01 Part 1 section 11.7). */
@NullMarked
package io.multistatus.format.multipart;

import org.jspecify.annotations.NullMarked;
