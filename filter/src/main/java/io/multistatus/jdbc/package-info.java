/** What stores in a database have in common. */
@NullMarked
package io.multistatus.jdbc;

import org.jspecify.annotations.NullMarked;
