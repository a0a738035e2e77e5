package io.multistatus.job;

import io.multistatus.format.Dialect;

/**
 * What a store knows of a job beside its content.
 *
 * @param owner see {@link Job#owner}
 * @param mediaType see {@link Job#mediaType}
 */
public record KnownJob(JobStatus status, String owner, Dialect dialect, String mediaType) {}
