/** What the shop keeps: plain JDBC, one small class for each thing that is stored. */
@NullMarked
package io.multistatus.demo.store;

import org.jspecify.annotations.NullMarked;
