/** Dispatches into Tomcat 10.1 and 11, as HTTP/2 does for the streams of a connection. */
@NullMarked
package io.multistatus.dispatch.tomcat;

import org.jspecify.annotations.NullMarked;
