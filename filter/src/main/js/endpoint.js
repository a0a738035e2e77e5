import { entryOf, envelopeOf } from './answers.js';
import { BatchError } from './errors.js';
import { lines } from './lines.js';
import { retryAfterOf } from './retries.js';

const NDJSON = 'application/x-ndjson';
const JSON_TYPE = 'application/json';
const OFF_MILLIS = 60000;
const STORED = 'multistatus';

/**
 * The batch endpoint, and what has become known of the way to it: one for a batcher.
 *
 * @param {import('./batch.d.ts').BatcherOptions} options
 */
export function endpointOf({ endpoint = '/batch', headers, fetch: send, maxItems = Infinity, maxBytes = Infinity }) {
  const url = new URL(endpoint, globalThis.location?.href);
  let asked;
  let capabilities;
  let offUntil = 0;
  const it = {
    url,
    send: (...request) => (send ?? fetch)(...request),
    /** Paths whose calls cannot go into a batch, as has turned out. */
    alone: new Set(),
    /** What goes wrong with every batch on its way: 207 as the status of its answer, or a stream as its body. */
    trouble: { status: stored(() => sessionStorage.getItem(STORED)), stream: false },
    /** How many items, and bytes, a batch may have. */
    items: Math.min(maxItems, 100),
    bytes: Math.min(maxBytes, 1e7),
    state: () => ({ mode: it.isOff() ? 'off' : it.trouble.status ? '200' : '207', capabilities }),
    isOff: () => Date.now() < offUntil,
    /** Batches do not get through: for a while, nobody tries. */
    switchOff() {
      offUntil = Date.now() + OFF_MILLIS;
    },
    /** What the endpoint says of itself, asked once; undefined if it does not say. */
    ask: () => (asked = asked ?? it.send(url).then(async (response) => {
      capabilities = await response.json();
      const { maxRequests, maxBatchBytes } = capabilities.limits;
      it.items = Math.min(maxItems, maxRequests);
      it.bytes = Math.min(maxBytes, maxBatchBytes);
      return capabilities;
    }).catch(() => {
      asked = undefined;
    })),
    /** Whether it has a feature, such as `idempotency`: the same request with the same key is not run twice. */
    has: async (feature) => (await it.ask())?.features.includes(feature),
    /** The header of a batch. */
    async header(own) {
      const all = new Headers(typeof headers === 'function' ? await headers() : headers);
      new Headers(own).forEach((value, name) => all.set(name, value));
      all.set('Content-Type', JSON_TYPE);
      return all;
    },
    post: (init, onEntry) => post(it, init, onEntry),
    /** The error for an answer, or an outcome of `post`, that says that nothing has run. */
    refusal: async (response) => new BatchError(response.status, response.problem ?? await problemOf(response)),
    /** Without `lesson` it does not work: from now on nobody tries. */
    learn(lesson) {
      if (lesson === 'status') {
        stored(() => sessionStorage.setItem(STORED, '200'));
      }
      it.trouble[lesson] = true;
    },
  };
  return it;
}

/** Storage may be forbidden; then the next page finds out for itself. */
function stored(access) {
  try {
    return Boolean(access());
  } catch {
    return false;
  }
}

/**
 * Posts a batch, and hands on each entry of the answer as it comes.
 *
 * @returns {Promise<object>} one of
 * `{ summary, retryAfter }`: all of it is there;
 * `{ status, problem, retryAfter }`: nothing of it has run;
 * `{ broken, begun }`: what had no entry may have run. `begun`: what came first was as it should be
 */
async function post(endpoint, { stream, trouble, headers, ...init }, onEntry) {
  const url = new URL(endpoint.url);
  if (trouble.status) {
    // No header: who eats a 207 may eat that too.
    url.searchParams.set('multi-status', '200');
  }
  headers.set('Accept', stream && !trouble.stream ? NDJSON : JSON_TYPE);
  let begun;
  try {
    const response = await endpoint.send(url, { method: 'POST', redirect: 'manual', headers, ...init });
    const type = response.headers.get('Content-Type')?.split(';')[0];
    if ([200, 207].includes(response.status) && [NDJSON, JSON_TYPE].includes(type)) {
      begun = true;
      const summary = await (type === NDJSON ? readLines : readEnvelope)(response, onEntry);
      return { summary, retryAfter: summary.retryAfter };
    }
    return await refusalOf(response);
  } catch (broken) {
    return { broken, begun };
  }
}

async function readLines(response, onEntry) {
  for await (const line of lines(response)) {
    if (line.trim()) {
      const entry = entryOf(line);
      if (entry.summary) {
        return entry.summary;
      }
      onEntry(entry);
    }
  }
  throw new Error('The answer was cut off');
}

async function readEnvelope(response, onEntry) {
  const { entries, summary } = envelopeOf(await response.text());
  entries.forEach(onEntry);
  return summary;
}

/** A problem of the endpoint says that nothing has run; so do redirects and most of 4xx, whoever in front has sent them. */
async function refusalOf(response) {
  const { status, type } = response;
  const problem = await problemOf(response);
  if (/^urn:multistatus:/.test(problem.type) || type === 'opaqueredirect' || (status >= 300 && status < 500 && status !== 408)) {
    return { status, problem, retryAfter: retryAfterOf(response) };
  }
  throw new Error(`The batch was answered with ${status}`);
}

/** The problem details of an answer, empty if it has none. */
const problemOf = (response) => response.json().then(Object, () => ({}));
