// What is seldom needed; loaded when it is needed first.

export { postBatch } from './explicit.js';
export { jobAt, postJob } from './jobs.js';
export { aside, mend } from './trouble.js';
