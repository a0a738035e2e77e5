// What only those need who write batches themselves; loaded when it is needed first.

export { postBatch } from './explicit.js';
export { jobAt, postJob } from './jobs.js';
