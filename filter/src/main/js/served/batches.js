// What batch.js loads when it is needed, as the filter serves it. `served` is what batches.txt brings in.
import { aside, jobAt, mend, postBatch, postJob } from '../batches.js';

Object.assign(served, { aside, jobAt, mend, postBatch, postJob });
