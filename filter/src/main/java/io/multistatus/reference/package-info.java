/** What one item takes over from the answer to another. */
@NullMarked
package io.multistatus.reference;

import org.jspecify.annotations.NullMarked;
