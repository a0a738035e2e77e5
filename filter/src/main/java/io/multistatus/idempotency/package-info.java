/** Requests that run once, however often they are sent. */
@NullMarked
package io.multistatus.idempotency;

import org.jspecify.annotations.NullMarked;
