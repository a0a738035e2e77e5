// The one batcher of the page.

import { createBatcher } from '../multistatus/batch.js';

export { BatchError, createBatcher } from '../multistatus/batch.js';
export const batcher = createBatcher();
