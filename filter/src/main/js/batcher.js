import { endpointOf } from './endpoint.js';
import { callsOf } from './queue.js';

/**
 * Makes a batcher.
 *
 * @param {() => Promise<typeof import('./batches.js')>} load brings what is seldom needed
 * @param {import('./batch.d.ts').BatcherOptions} [options]
 * @returns {import('./batch.d.ts').Batcher}
 */
export function batcherOf(load, options = {}) {
  const endpoint = endpointOf(load, options);
  const { fetch, flush, changing } = callsOf(endpoint, options);
  const { retry } = options;
  return {
    fetch,
    flush,
    batch: (requests, own) => changing(load().then(({ postBatch }) => postBatch(endpoint, requests, { retry, ...own }))),
    job: (requests, own) => changing(load().then(({ postJob }) => postJob(endpoint, requests, { retry, ...own }))),
    openJob: async (location, own) => (await load()).jobAt(endpoint, location, { ...own }),
    get state() {
      return endpoint.state();
    },
  };
}
