/** Batches that outlive the request they came with: where they are remembered, and what is told of them. */
@NullMarked
package io.multistatus.job;

import org.jspecify.annotations.NullMarked;
