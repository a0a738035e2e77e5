package io.multistatus.event;

import io.multistatus.model.Problem;

/**
 * A batch that was refused as a whole, as listeners see it. Immutable.
 *
 * @param path the path of the endpoint it was posted to, context path included
 * @param caller who sent it
 * @param problem why; its detail may quote what the client wrote
 */
public record RefusedBatchEvent(String path, Caller caller, Problem problem) {}
