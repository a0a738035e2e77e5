import { endpointOf } from './endpoint.js';
import { callsOf } from './queue.js';

/**
 * Makes a batcher.
 *
 * @param {() => Promise<typeof import('./batches.js')>} load brings what only those need who write batches themselves
 * @param {import('./batch.d.ts').BatcherOptions} [options]
 * @returns {import('./batch.d.ts').Batcher}
 */
export function batcherOf(load, options = {}) {
  const endpoint = endpointOf(options);
  const { retry } = options;
  return {
    ...callsOf(endpoint, options),
    batch: async (requests, own) => (await load()).postBatch(endpoint, requests, { retry, ...own }),
    job: async (requests, own) => (await load()).postJob(endpoint, requests, { ...own }),
    openJob: async (location, own) => (await load()).jobAt(endpoint, location, { ...own }),
    get state() {
      return endpoint.state();
    },
  };
}
