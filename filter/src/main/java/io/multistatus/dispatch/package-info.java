/** The way back into the container that is serving a request: the SPI; each container has its package below. */
@NullMarked
package io.multistatus.dispatch;

import org.jspecify.annotations.NullMarked;
