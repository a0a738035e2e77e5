import { entryOf, envelopeOf } from './answers.js';
import { lines } from './lines.js';

const NDJSON = 'application/x-ndjson';
const OFF_MILLIS = 60000;
const REMEMBERED = 'multistatus';

/**
 * The batch endpoint, and what has become known of the way to it: one for a batcher.
 *
 * @param {import('./batch.d.ts').BatcherOptions} options
 */
export function endpointOf({ endpoint = '/batch', headers, fetch: sender, stream = 'auto', maxItems = Infinity, maxBytes = Infinity }) {
  const url = new URL(endpoint, globalThis.location && location.href);
  const alone = new Set();
  let asked;
  let capabilities;
  let offUntil = 0;
  /** What goes wrong on the way to every batch: 207 as its status, or a stream as its answer. */
  const trouble = { status: recall(), stream: false };

  return {
    url,
    send: (...request) => (sender || globalThis.fetch)(...request),
    /** Paths whose calls cannot go into a batch, as has turned out. */
    alone,
    trouble,
    /** How many items, and bytes, a batch may have. */
    limits: { items: Math.min(maxItems, 100), bytes: Math.min(maxBytes, 10000000) },
    get state() {
      return { mode: this.isOff() ? 'off' : trouble.status ? '200' : '207', capabilities };
    },
    isOff: () => Date.now() < offUntil,
    /** Whether a call to this path cannot go into a batch now. */
    refuses(path) {
      return this.isOff() || this.limits.items < 2 || alone.has(path);
    },
    /** Batches do not get through: for a while, nobody tries. */
    switchOff() {
      offUntil = Date.now() + OFF_MILLIS;
    },
    /** What the endpoint says of itself, asked once; undefined if it does not say. */
    ask() {
      asked = asked || this.send(url, { credentials: 'same-origin' })
        .then((response) => (response.ok ? response.json() : undefined))
        .then((said) => {
          capabilities = said;
          this.limits.items = Math.min(maxItems, said.limits.maxRequests);
          this.limits.bytes = Math.min(maxBytes, said.limits.maxBatchBytes);
          return said;
        })
        .catch(() => {
          asked = undefined;
        });
      return asked;
    },
    /** Whether the same request with the same key is not run twice. */
    async keepsKeys() {
      const said = await this.ask();
      return Boolean(said && said.features.includes('idempotency'));
    },
    /** Whether a batch of which all items are safe, or not, is to be answered by a stream. */
    streams: (allSafe) => stream === true || (stream === 'auto' && allSafe),
    /** The header of a batch. */
    async header(own) {
      const all = new Headers(typeof headers === 'function' ? await headers() : headers);
      new Headers(own).forEach((value, name) => all.set(name, value));
      all.set('Content-Type', 'application/json');
      return all;
    },
    /** Something has worked that way: from now on it is the way. */
    learn(lesson) {
      if (lesson.status && !trouble.status) {
        remember();
      }
      trouble.status = trouble.status || Boolean(lesson.status);
      trouble.stream = trouble.stream || Boolean(lesson.stream);
    },
  };
}

function recall() {
  try {
    return sessionStorage.getItem(REMEMBERED) === '200';
  } catch {
    return false;
  }
}

function remember() {
  try {
    sessionStorage.setItem(REMEMBERED, '200');
  } catch {
    // Then the next page finds out for itself.
  }
}

/**
 * Posts a batch, and hands on each entry of the answer as it comes.
 *
 * @returns {Promise<object>} one of
 * `{ summary }`: all of it is there;
 * `{ refused, problem, retryAfter }`: nothing of it has run, and `refused` is the status;
 * `{ broken, begun }`: what had no entry may have run. `begun`: what came first was as it should be
 */
export async function post(endpoint, text, { stream, trouble, header, prefer, ...init }, onEntry) {
  const url = new URL(endpoint.url);
  if (trouble.status) {
    // No header: who eats a 207 may eat that too.
    url.searchParams.set('multi-status', '200');
  }
  header.set('Accept', stream && !trouble.stream ? NDJSON : 'application/json');
  if (prefer) {
    header.set('Prefer', prefer);
  }
  let begun = false;
  try {
    const response = await endpoint.send(url, {
      method: 'POST', redirect: 'manual', headers: header, body: text, ...init,
    });
    const type = (response.headers.get('Content-Type') || '').replace(/;.*/, '');
    const { status } = response;
    if ((status === 207 || status === 200) && (type === NDJSON || type === 'application/json')) {
      begun = true;
      return { summary: await (type === NDJSON ? readLines : readEnvelope)(response, onEntry) };
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
  throw new Error('The stream of answers was cut off');
}

async function readEnvelope(response, onEntry) {
  const { entries, summary } = envelopeOf(await response.text());
  entries.forEach(onEntry);
  return summary;
}

/** A problem of the endpoint says that nothing has run; so do redirects and most of 4xx, whoever in front has sent them. */
export async function refusalOf(response) {
  const { status } = response;
  const problem = await problemOf(response);
  if (/^urn:multistatus:/.test(problem.type) || (status < 500 && status !== 408 && (status >= 300 || response.type === 'opaqueredirect'))) {
    return { refused: status, problem, retryAfter: Number(response.headers.get('Retry-After')) || 0 };
  }
  throw new Error(`The batch was answered with ${status}`);
}

/** The problem details of an answer, empty if it has none. */
export async function problemOf(response) {
  try {
    return Object(JSON.parse(await response.text()));
  } catch {
    return {};
  }
}
