// What is seldom needed; loaded when it is needed first.

export { postBatch } from './explicit.js';
export { jobAt, postJob } from './jobs.js';
export { follow } from './redirects.js';
export { halve } from './refusals.js';
