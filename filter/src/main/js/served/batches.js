// What batch.js loads when it is needed, as the filter serves it. `served` is what batches.txt brings in.
import { follow, halve, jobAt, postBatch, postJob } from '../batches.js';

Object.assign(served, { follow, halve, jobAt, postBatch, postJob });
