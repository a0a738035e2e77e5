// The module as the filter serves it: its endpoint is that of the app it comes from. `served` is what wrapper.txt brings in.
import { BatchError, createBatcher } from '../batch.js';

served.BatchError = BatchError;
served.createBatcher = (options) => {
  const url = new URL(served.url);
  // From another origin, which the endpoint would not listen to, it is as any copy of the module.
  return createBatcher(
    url.origin === location.origin ? { ...options, endpoint: options?.endpoint ?? new URL('../batch', url) } : options,
  );
};
