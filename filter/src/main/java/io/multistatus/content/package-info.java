/** What bodies say: JSON, text or neither, whatever the format of the batch. */
@NullMarked
package io.multistatus.content;

import org.jspecify.annotations.NullMarked;
