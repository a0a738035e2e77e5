/** The filter in a Spring Boot app: registered by auto-configuration, configured by the app's properties. */
@NullMarked
package io.multistatus.spring;

import org.jspecify.annotations.NullMarked;
