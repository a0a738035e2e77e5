package io.multistatus.job;

import io.multistatus.format.Dialect;
import io.multistatus.model.Batch;

/**
 * A batch that has been accepted as a job.
 *
 * @param owner whose job it is, as an opaque text of at most 64 characters of ASCII
 * @param mediaType what the batch was written in, and its result is unless a client asks for another: {@code application/json}
 * @param batch its items, those with faults too
 */
public record Job(JobId id, String owner, Dialect dialect, String mediaType, Batch batch) {}
