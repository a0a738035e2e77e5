/** The description of the endpoint in OpenAPI, held against what goes over the wire. */
@NullMarked
package io.multistatus.apps.openapi;

import org.jspecify.annotations.NullMarked;
