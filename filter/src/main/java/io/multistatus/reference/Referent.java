package io.multistatus.reference;

import io.multistatus.model.Subresponse;

/**
 * An item that has been answered and can be referred to. Immutable.
 *
 * @param target the request target it was sent to, path and query
 * @param response its answer
 */
public record Referent(String target, Subresponse response) {}
