/** Compares what a request costs the demo's server alone and as an item of a batch; run by the profile {@code load}. */
@NullMarked
package io.multistatus.demo.load;

import org.jspecify.annotations.NullMarked;
