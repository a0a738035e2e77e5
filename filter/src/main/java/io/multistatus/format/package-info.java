/** How a batch is read from a request and how its envelope is written; one package a format. */
@NullMarked
package io.multistatus.format;

import org.jspecify.annotations.NullMarked;
