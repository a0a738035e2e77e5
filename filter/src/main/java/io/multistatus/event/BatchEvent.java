package io.multistatus.event;

/**
 * A batch, as listeners see it.
 *
 * @param batchId unique among the batches of this process
 * @param path the path of the endpoint it was posted to, context path included
 * @param items how many items it has
 */
public record BatchEvent(String batchId, String path, int items) {}
