/** What a batch is made of: immutable values that know nothing of formats, containers or threads. */
@NullMarked
package io.multistatus.model;

import org.jspecify.annotations.NullMarked;
