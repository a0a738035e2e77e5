import { batcherOf } from './batcher.js';

export { BatchError } from './errors.js';

/**
 * Makes a batcher. One for a page is enough: what it has learned about the server and the way to it serves all calls.
 *
 * @param {import('./batch.d.ts').BatcherOptions} [options]
 * @returns {import('./batch.d.ts').Batcher}
 */
export const createBatcher = (options) => batcherOf(() => import('./batches.js'), options);
