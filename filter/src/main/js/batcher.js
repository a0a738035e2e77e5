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
  const lazily = (name) => (what, own) => changing(load().then((all) => all[name](endpoint, what, { retry: options.retry, ...own })));
  return {
    fetch,
    flush,
    batch: lazily('postBatch'),
    job: lazily('postJob'),
    openJob: lazily('jobAt'),
    get state() {
      return endpoint.state();
    },
  };
}
