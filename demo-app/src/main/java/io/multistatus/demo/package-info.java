/** The demo: its command line and the embedded server it starts. */
@NullMarked
package io.multistatus.demo;

import org.jspecify.annotations.NullMarked;
