import { envelopeOf, responseOf } from './answers.js';
import { post } from './endpoint.js';
import { BatchError, lost } from './errors.js';
import { notify } from './events.js';
import { base64, isSafe, randomId } from './items.js';
import { delayBefore, PATIENT, pause } from './retries.js';

/**
 * Posts a batch as it is written.
 *
 * @param {ReturnType<import('./endpoint.js').endpointOf>} endpoint
 * @param {import('./batch.d.ts').BatchRequest[]} requests
 * @param {import('./batch.d.ts').BatchOptions} options
 * @returns {Promise<import('./batch.d.ts').BatchResult>}
 */
export async function postBatch(endpoint, requests, options) {
  const { stream = false, retry = 0, signal, onItem, onProgress } = options;
  const written = writtenBatch(requests, options);
  const mayRepeat = async () => requests.every(({ method = 'GET' }) => isSafe(method))
    || (written.key && await endpoint.keepsKeys());
  const trouble = { ...endpoint.trouble };
  let policy = retry;
  for (let attempt = 1; ; attempt++) {
    const progress = { total: requests.length, completed: 0, succeeded: 0, failed: 0 };
    const entries = [];
    const outcome = await post(endpoint, written.text, {
      stream, trouble, signal, header: await endpoint.header(written.header), prefer: written.prefer,
    }, (entry) => {
      entries.push(entry);
      progress.completed++;
      progress[entry.status < 400 ? 'succeeded' : 'failed']++;
      notify(onProgress, { ...progress });
      if (onItem) {
        notify(onItem, answerOf(entry, requests, endpoint));
      }
    });
    if (signal && signal.aborted) {
      throw signal.reason;
    }
    const { summary, refused, retryAfter = 0, broken, begun } = outcome;
    const whole = summary && entries.length === requests.length;
    let delay;
    if (whole && summary.retryable.length > 0) {
      delay = delayBefore(policy, attempt, summary.retryAfter || 0);
    } else if (refused === 429 || refused === 503) {
      delay = delayBefore(retry, attempt, retryAfter);
    } else if (!whole && refused === undefined && await mayRepeat()) {
      delay = delayBefore(retry, attempt, 0);
      if (begun && stream && !trouble.stream) {
        trouble.stream = true;
        delay = 0;
      } else if (!trouble.status) {
        trouble.status = true;
        delay = 0;
      }
      // What it has begun may be running still, and says so.
      policy = PATIENT;
    }
    if (delay !== undefined && (refused || await mayRepeat())) {
      await pause(delay, signal);
    } else if (whole) {
      endpoint.learn(trouble);
      return resultOf(entries, summary, requests, endpoint);
    } else if (refused !== undefined) {
      throw new BatchError(refused, outcome.problem);
    } else {
      throw lost('No answer to the batch; it may have run', broken);
    }
  }
}

/** A batch as text, and what of its header is its own. */
export function writtenBatch(requests, { execution, continueOnError, headers, idempotencyKey = `"${randomId()}"` }) {
  const header = new Headers(headers);
  if (idempotencyKey) {
    header.set('Idempotency-Key', idempotencyKey);
  }
  const preferences = [execution && `execution=${execution}`, continueOnError === false && 'continue-on-error=false'];
  return {
    text: `{"requests":[\n${requests.map(itemOf).join(',\n')}]}`,
    header,
    key: idempotencyKey,
    prefer: preferences.filter(Boolean).join(', '),
  };
}

function itemOf(request, index) {
  const { body } = request;
  const bytes = body instanceof ArrayBuffer ? new Uint8Array(body)
    : ArrayBuffer.isView(body) ? new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
      : undefined;
  return JSON.stringify({ id: index, method: 'GET', ...request, ...(bytes && { body: base64(bytes), bodyEncoding: 'base64' }) });
}

function answerOf(entry, requests, endpoint) {
  const { id, status, body, bodyEncoding } = entry;
  const { method = 'GET', url } = requests.find((request, index) => String(request.id === undefined ? index : request.id) === String(id));
  return {
    id,
    status,
    ok: status >= 200 && status < 300,
    response: responseOf(entry, method.toUpperCase(), new URL(url, endpoint.url).href),
    body: body === undefined || bodyEncoding === 'base64' ? null : body,
  };
}

/** What a batch has come to, in the order of its requests. */
function resultOf(entries, summary, requests, endpoint) {
  const answers = new Map(entries.map((entry) => [String(entry.id), answerOf(entry, requests, endpoint)]));
  const get = (id) => answers.get(String(id));
  const responses = requests.map(({ id }, index) => get(id === undefined ? index : id));
  return { responses, summary, get };
}

/** The same of an envelope whose requests are not known any more: their answers have no URL of their own. */
export function resultOfEnvelope(text, endpoint) {
  const { entries, summary } = envelopeOf(text);
  return resultOf(entries, summary, entries.map(({ id }) => ({ id, url: endpoint.url })), endpoint);
}
