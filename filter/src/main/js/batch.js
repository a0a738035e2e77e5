import { endpointOf } from './endpoint.js';
import { callsOf } from './queue.js';
import { postBatch } from './explicit.js';
import { jobAt, postJob } from './jobs.js';

export { BatchError } from './errors.js';

/**
 * Makes a batcher. One for a page is enough: what it has learned about the server and the way to it serves all calls.
 *
 * @param {import('./batch.d.ts').BatcherOptions} [options]
 * @returns {import('./batch.d.ts').Batcher}
 */
export function createBatcher(options = {}) {
  const endpoint = endpointOf(options);
  const calls = callsOf(endpoint, options);
  return {
    fetch: calls.fetch,
    flush: calls.flush,
    batch: (requests, own) => postBatch(endpoint, requests, { retry: options.retry, ...own }),
    job: (requests, own) => postJob(endpoint, requests, own),
    openJob: (location, own) => jobAt(endpoint, location, own),
    get state() {
      return endpoint.state();
    },
  };
}
