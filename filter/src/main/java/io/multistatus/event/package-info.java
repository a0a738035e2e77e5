/** What there is to watch: the listener that is told how batches and their items fare. */
@NullMarked
package io.multistatus.event;

import org.jspecify.annotations.NullMarked;
