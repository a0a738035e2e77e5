/** All or nothing: what a group of items needs of the host's transactions. */
@NullMarked
package io.multistatus.transaction;

import org.jspecify.annotations.NullMarked;
