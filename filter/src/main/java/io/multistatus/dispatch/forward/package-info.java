/** Forwards items to servlets of the app, in any container: past everything that stands in front of servlets. */
@NullMarked
package io.multistatus.dispatch.forward;

import org.jspecify.annotations.NullMarked;
