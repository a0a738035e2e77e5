/** Clients of batch endpoints that others have written, used as their documentation says, against the running demo. */
@NullMarked
package io.multistatus.clients;

import org.jspecify.annotations.NullMarked;
