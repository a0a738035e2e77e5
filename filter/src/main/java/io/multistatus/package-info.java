/** The filter and its configuration: what an app has to name. */
@NullMarked
package io.multistatus;

import org.jspecify.annotations.NullMarked;
