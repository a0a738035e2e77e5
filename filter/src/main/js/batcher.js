import { endpointOf } from './endpoint.js';
import { callsOf } from './queue.js';
import { delayBefore, pause } from './retries.js';

/**
 * Makes a batcher.
 *
 * @param {(failures: number) => Promise<typeof import('./batches.js')>} load brings what is seldom needed; told how often it has
 *   not, because some browsers remember a failed import by its URL
 * @param {import('./batch.d.ts').BatcherOptions} [options]
 * @returns {import('./batch.d.ts').Batcher}
 */
export function batcherOf(load, options = {}) {
  const endpoint = endpointOf(() => loaded(), options);
  const { fetch, flush, changing } = callsOf(endpoint, options);
  const lazily = (name) => (what, own) => {
    const all = { retry: options.retry, ...own };
    return changing(loaded(all).then((module) => module[name](endpoint, what, all)));
  };
  let failures = 0;

  /** Outlives a server that restarts, as long as the policy says. */
  const loaded = (own = {}, attempt = 1) => load(failures).catch(async (error) => {
    failures++;
    const delay = delayBefore(own.retry, attempt);
    if (delay === undefined) {
      throw error;
    }
    await pause(delay, own.signal);
    return loaded(own, attempt + 1);
  });

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
