// What batch.js loads when it is needed, as the filter serves it. `served` is what batches.txt brings in.
import { follow, jobAt, postBatch, postJob } from '../batches.js';

Object.assign(served, { follow, jobAt, postBatch, postJob });
