/** What runs a batch: who waits for whom, which thread takes which item, and when to stop waiting. */
@NullMarked
package io.multistatus.execution;

import org.jspecify.annotations.NullMarked;
