import { envelopeOf, responseOf } from './answers.js';
import { lost } from './errors.js';
import { notify } from './events.js';
import { base64, isSafe, randomId } from './items.js';
import { delayBefore, isBusy, PATIENT, pause } from './retries.js';

/**
 * Posts a batch as it is written.
 *
 * @param {ReturnType<import('./endpoint.js').endpointOf>} endpoint
 * @param {import('./batch.d.ts').BatchRequest[]} requests
 * @param {import('./batch.d.ts').BatchOptions} options
 * @returns {Promise<import('./batch.d.ts').BatchResult>}
 */
export async function postBatch(endpoint, requests, options) {
  const { stream, retry = 0, signal, onItem, onProgress } = options;
  const { body, headers: own, isRepeatable } = written(endpoint, requests, options);
  const trouble = { ...endpoint.trouble };
  let policy = retry;
  for (let attempt = 1; ; attempt++) {
    const progress = { total: requests.length, completed: 0, succeeded: 0, failed: 0 };
    const entries = [];
    const headers = await endpoint.header(own);
    const outcome = await endpoint.post({ stream, trouble, signal, headers, body }, (entry) => {
      entries.push(entry);
      progress.completed++;
      progress[entry.status < 400 ? 'succeeded' : 'failed']++;
      notify(onProgress, { ...progress });
      notify(onItem && (() => onItem(answerOf(entry, requests, endpoint))));
    });
    const { summary, status, problem, retryAfter, broken, begun } = outcome;
    const whole = entries.length === requests.length && summary;
    const again = whole ? whole.retryable.length > 0 : !problem || isBusy(status);
    let delay = delayBefore(policy, attempt, retryAfter);
    if (!whole && !problem) {
      const suspect = begun && stream ? 'stream' : 'status';
      if (!trouble[suspect]) {
        trouble[suspect] = true;
        delay = 0;
      }
      // What has begun may be running still, and then says so.
      policy = PATIENT;
    }
    if (again && delay >= 0 && !signal?.aborted && (problem || await isRepeatable())) {
      await pause(delay, signal);
    } else if (whole) {
      return resultOf(entries, summary, requests, endpoint);
    } else {
      throw signal?.aborted ? signal.reason : problem ? await endpoint.refusal(outcome) : lost('the batch', broken);
    }
  }
}

/** A batch as text, what of its header is its own, and whether it may be posted again. */
export function written(endpoint, requests, { execution, continueOnError, headers, idempotencyKey = `"${randomId()}"` }, more) {
  const header = new Headers(headers);
  if (idempotencyKey) {
    header.set('Idempotency-Key', idempotencyKey);
  }
  const preferences = [more, execution && `execution=${execution}`, continueOnError === false && 'continue-on-error=false'];
  header.set('Prefer', preferences.filter(Boolean).join());
  return {
    body: `{"requests":[\n${requests.map(itemOf).join(',\n')}]}`,
    headers: header,
    isRepeatable: async () => requests.every(({ method = 'GET' }) => isSafe(method)) || (idempotencyKey && endpoint.has('idempotency')),
  };
}

function itemOf(request, id) {
  const { body } = request;
  const bytes = body instanceof ArrayBuffer ? new Uint8Array(body)
    : ArrayBuffer.isView(body) && new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  return JSON.stringify({ id, method: 'GET', ...request, ...(bytes && { body: base64(bytes), bodyEncoding: 'base64' }) });
}

function answerOf(entry, requests, endpoint) {
  const { id, status, body = null, bodyEncoding } = entry;
  const { method = 'GET', url } = requests.find((request, index) => `${request.id ?? index}` === `${id}`);
  const response = responseOf(entry, method.toUpperCase(), new URL(url, endpoint.url).href);
  return { id, status, ok: response.ok, response, body: bodyEncoding === 'base64' ? null : body };
}

/** What a batch has come to, in the order of its requests. */
function resultOf(entries, summary, requests, endpoint) {
  const answers = new Map(entries.map((entry) => [`${entry.id}`, answerOf(entry, requests, endpoint)]));
  const get = (id) => answers.get(`${id}`);
  return { responses: requests.map(({ id }, index) => get(id ?? index)), summary, get };
}

/** The same of an envelope whose requests are not known any more: their answers have the URL of the endpoint. */
export function resultOfEnvelope(text, endpoint) {
  const { entries, summary } = envelopeOf(text);
  return resultOf(entries, summary, entries.map(({ id }) => ({ id, url: '' })), endpoint);
}
