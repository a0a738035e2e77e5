/** The JSON format of batches and envelopes. */
@NullMarked
package io.multistatus.format.json;

import org.jspecify.annotations.NullMarked;
