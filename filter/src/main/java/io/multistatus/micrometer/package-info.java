/** Metrics of batches and items, by Micrometer. Loaded only where an app asks for it, so nobody else needs Micrometer. */
@NullMarked
package io.multistatus.micrometer;

import org.jspecify.annotations.NullMarked;
