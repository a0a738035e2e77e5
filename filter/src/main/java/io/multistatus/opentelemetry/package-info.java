/** Traces of batches and items, by the OpenTelemetry API. Loaded only where that is, so nobody else needs it. */
@NullMarked
package io.multistatus.opentelemetry;

import org.jspecify.annotations.NullMarked;
