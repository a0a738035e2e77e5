/** The shop as its clients see it: servlets and filters that know nothing of the container, nor of batches. */
@NullMarked
package io.multistatus.demo.web;

import org.jspecify.annotations.NullMarked;
