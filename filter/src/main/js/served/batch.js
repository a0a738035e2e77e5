// The module as the filter serves it: its endpoint is that of the app it comes from. `served` is what batch.txt brings in,
// with the build's checksum of batches.js.
import { batcherOf } from '../batcher.js';
import { BatchError } from '../errors.js';

served.BatchError = BatchError;
served.createBatcher = (options) => {
  const url = new URL(served.url);
  // From another origin, which the endpoint would not listen to, it is as any copy of the module.
  const endpoint = options?.endpoint ?? (url.origin === location.origin ? new URL('../batch', url) : undefined);
  return batcherOf(served.load, { ...options, endpoint });
};
