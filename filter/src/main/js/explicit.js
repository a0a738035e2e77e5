import { envelopeOf, responseOf } from './answers.js';
import { lost } from './errors.js';
import { notify, reasonOf } from './events.js';
import { base64, isSafe, randomId } from './items.js';
import { errorOf, refusalOf } from './refusals.js';
import { delayBefore, isBusy, PATIENT, pause } from './retries.js';

/**
 * Posts a batch as it is written.
 *
 * @param {import('./endpoint.js').Endpoint} endpoint
 * @param {import('./batch.d.ts').BatchRequest[]} requests
 * @param {import('./batch.d.ts').BatchOptions} options
 * @returns {Promise<import('./batch.d.ts').BatchResult>}
 */
export async function postBatch(endpoint, requests, options) {
  const { retry = 0, signal } = options;
  const batch = written(endpoint, requests, options);
  const trouble = { ...endpoint.trouble };
  /** What a try has brought in full, and what has broken the last one, which may have run all the same. */
  let result;
  let broken;
  let wasBroken;
  for (let attempt = 1; ;) {
    const outcome = await tried(endpoint, requests, batch, trouble, options);
    if (signal?.aborted) {
      throw reasonOf(signal);
    }
    const { problem, status, retryAfter } = outcome;
    const suspect = outcome.streamed ? 'stream' : 'status';
    let policy = retry;
    let again = isBusy(status);
    if (outcome.whole) {
      result = outcome;
      again = outcome.summary.retryable.length > 0;
      // What was lost may be running still, and then says so.
      policy = wasBroken && outcome.entries.some((entry) => entry.status === 409) ? PATIENT : retry;
      broken = undefined;
      endpoint.learn(trouble);
    } else if (!problem) {
      broken = outcome.broken ?? new Error('Answers are missing');
      wasBroken = true;
      again = true;
    }
    const atOnce = again && broken && !problem && !(trouble[suspect] && trouble.again);
    const delay = atOnce ? 0 : delayBefore(policy, attempt, retryAfter);
    if (again && delay >= 0 && (problem || await batch.isRepeatable())) {
      if (atOnce) {
        Object.assign(trouble, { [suspect]: true, again: true, proven: !trouble.status });
      }
      attempt += atOnce ? 0 : 1;
      await pause(delay, signal);
    } else if (broken) {
      Object.assign(endpoint.trouble, { [suspect]: true, lost: true });
      throw lost('the batch', broken);
    } else if (result) {
      return resultOf(result.entries, result.summary, requests, endpoint);
    } else {
      throw await batch.refused(outcome);
    }
  }
}

/**
 * One try, and `whole` if each item has its answer.
 *
 * @param {import('./endpoint.js').Endpoint} endpoint
 * @param {import('./batch.d.ts').BatchRequest[]} requests
 * @param {ReturnType<typeof written>} batch
 * @param {import('./endpoint.js').Endpoint['trouble']} trouble
 * @param {import('./batch.d.ts').BatchOptions} options
 */
async function tried(endpoint, requests, { body, headers: own }, trouble, { stream, signal, onItem, onProgress }) {
  const progress = { total: requests.length, completed: 0, succeeded: 0, failed: 0 };
  const entries = [];
  const answerTo = answersTo(requests, endpoint);
  const headers = await endpoint.header(own);
  const { other, ...outcome } = await endpoint.post({ stream, trouble, signal, headers, body, credentials: endpoint.credentials }, (entry) => {
    entries.push(entry);
    progress.completed++;
    progress[entry.status < 400 ? 'succeeded' : 'failed']++;
    notify(onProgress, { ...progress });
    notify(onItem && (() => onItem(answerTo(entry))));
  });
  if (other) {
    return refusalOf(other).catch((broken) => ({ broken }));
  }
  const { summary } = outcome;
  return { ...outcome, retryAfter: summary?.retryAfter, entries, whole: summary && entries.length === requests.length };
}

/**
 * A batch as text, what of its header is its own, what its refusal means, and whether it may be posted again.
 *
 * @param {import('./endpoint.js').Endpoint} endpoint
 * @param {import('./batch.d.ts').BatchRequest[]} requests
 * @param {import('./batch.d.ts').BatchOptions | import('./batch.d.ts').JobOptions} options
 * @param {string} [preference]
 */
export function written(endpoint, requests, { execution, continueOnError, headers, idempotencyKey = `"${randomId()}"` }, preference) {
  const header = new Headers(headers);
  if (idempotencyKey) {
    header.set('Idempotency-Key', idempotencyKey);
  }
  [preference, execution && `execution=${execution}`, continueOnError === false && 'continue-on-error=false']
    .forEach((one) => one && header.append('Prefer', one));
  return {
    body: `{"requests":[\n${requests.map(itemOf).join(',\n')}]}`,
    headers: header,
    /** What a refusal rejects with: unless it is sure that nothing has run, what changes something may have. */
    refused: async (refusal) => {
      const error = await errorOf(endpoint, refusal);
      return refusal.sure || requests.every(({ method = 'GET' }) => isSafe(method)) ? error : lost('the batch', error);
    },
    isRepeatable: async () => (await Promise.all(requests.map((request) => isItemRepeatable(endpoint, request, idempotencyKey))))
      .every(Boolean),
  };
}

async function isItemRepeatable(endpoint, { method = 'GET', url }, idempotencyKey) {
  const path = pathOf(url, endpoint);
  return isSafe(method) || (idempotencyKey && path && endpoint.keepsKeys(path));
}

/** Undefined where that is not known: if it is no URL, or begins with a reference. */
function pathOf(url, endpoint) {
  try {
    return /^\{/.test(url) ? undefined : new URL(url, endpoint.url).pathname;
  } catch {
    return undefined;
  }
}

function itemOf(request, index) {
  const { id = index, method = 'GET', body } = request;
  const bytes = body instanceof ArrayBuffer ? new Uint8Array(body)
    : ArrayBuffer.isView(body) && new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  return JSON.stringify({ ...request, id, method, ...(bytes && { body: base64(bytes), bodyEncoding: 'base64' }) });
}

/** What makes an answer of an entry. */
function answersTo(requests, endpoint) {
  const byId = new Map(requests.map((request, index) => [`${request.id ?? index}`, request]));
  return (entry) => {
    const { id, status, body = null, bodyEncoding } = entry;
    const { method = 'GET', url = '' } = byId.get(`${id}`) ?? {};
    const response = responseOf(entry, method.toUpperCase(), resolved(url, endpoint));
    return { id, status, ok: response.ok, response, body: bodyEncoding === 'base64' ? null : body };
  };
}

/** The whole of a URL; one that is none is as it was written. */
function resolved(url, endpoint) {
  try {
    return new URL(url, endpoint.url).href;
  } catch {
    return url;
  }
}

/** What a batch has come to, in the order of its requests. */
function resultOf(entries, summary, requests, endpoint) {
  const answerTo = answersTo(requests, endpoint);
  const answers = new Map(entries.map((entry) => [`${entry.id}`, answerTo(entry)]));
  const get = (id) => answers.get(`${id}`);
  return { responses: requests.map(({ id }, index) => get(id ?? index)), summary, get };
}

/** The same of an envelope whose requests are not known any more: their answers have the URL of the endpoint. */
export function resultOfEnvelope(text, endpoint) {
  const { entries, summary } = envelopeOf(text);
  return resultOf(entries, summary, entries.map(({ id }) => ({ id, url: '' })), endpoint);
}
