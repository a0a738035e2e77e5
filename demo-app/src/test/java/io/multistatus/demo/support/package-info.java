/** What tests of several packages need. */
@NullMarked
package io.multistatus.demo.support;

import org.jspecify.annotations.NullMarked;
