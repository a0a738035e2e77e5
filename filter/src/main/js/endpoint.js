import { entryOf, envelopeOf } from './answers.js';
import { BatchError, lost } from './errors.js';
import { lines } from './lines.js';

const NDJSON = 'application/x-ndjson';
const JSON_TYPE = 'application/json';
/** How many paths are remembered that go alone. */
const MOST_ALONE = 999;
/** How long whoever waits for what the endpoint says of itself waits. */
const ASKING_MILLIS = 10000;
/** For how long it is believed that batches, or some path in them, do not get through. */
const OFF_MILLIS = 60000;

/** @typedef {ReturnType<typeof endpointOf>} Endpoint */

/**
 * The batch endpoint, and what has become known of the way to it: one for a batcher.
 *
 * @param {() => Promise<typeof import('./batches.js')>} load
 * @param {import('./batch.d.ts').BatcherOptions} options
 */
export function endpointOf(load, { endpoint = '/batch', headers, credentials, fetch: send, maxItems = Infinity, maxBytes = Infinity }) {
  // As fetch sees it, whatever the base of the page is.
  const url = new URL(new Request(endpoint).url);
  /** Apps of one origin share its storage. */
  const item = `multistatus:${url.pathname}`;
  const alone = new Map();
  /** What goes wrong with every batch on its way: 207 as the status of its answer, or a stream as its body. */
  const known = { status: stored(() => sessionStorage.getItem(item)), stream: false };
  let asked;
  let first;
  let capabilities;
  let offUntil = 0;

  async function introduced() {
    const signal = AbortSignal.timeout?.(ASKING_MILLIS);
    const response = await it.send(url, { redirect: 'manual', headers: await it.header(), credentials, signal });
    const answer = await response.json();
    capabilities = answer.features && answer.limits && answer;
  }

  const it = {
    url,
    load,
    /** Those of what is not posted for calls, which have their own. */
    credentials,
    send: (input, init) => (send ?? fetch)(input, init),
    /** The same, and what is only suspected: the next batch goes without. `lost`: so has the last one, and had no answer either. */
    trouble: { ...known },
    /** How many items a batch may have. */
    get items() {
      return Math.min(maxItems, capabilities?.limits.maxRequests ?? 100);
    },
    /** How many bytes it may have. */
    get bytes() {
      return Math.min(maxBytes, capabilities?.limits.maxBatchBytes ?? 1e7);
    },
    /** @returns {import('./batch.d.ts').BatcherState} */
    state: () => ({ mode: isOff() ? 'off' : known.status ? '200' : '207', capabilities }),
    /** Batches do not get through: for a while, nobody tries. */
    switchOff() {
      offUntil = Date.now() + OFF_MILLIS;
      it.trust();
    },
    /** It was something else: what was only suspected is not any more. */
    trust() {
      it.trouble = { ...known };
    },
    /** Calls with this path cannot go into a batch, as has turned out. */
    leaveAlone(path) {
      if (alone.size > MOST_ALONE) {
        alone.clear();
      }
      alone.set(path, Date.now() + OFF_MILLIS);
    },
    goesAlone: (path) => isOff() || Date.now() < alone.get(path),
    /** Somebody takes no more than so many bytes, or items, whatever the endpoint says. */
    shrink(bytes, items = maxItems) {
      maxBytes = Math.min(maxBytes, bytes);
      maxItems = Math.min(maxItems, items);
    },
    /** Has the limits of the endpoint learned, beside the first batch. */
    introduce() {
      first = first ?? it.known();
    },
    /** What it says of itself; undefined if it does not. */
    async known() {
      asked = asked ?? introduced().catch(() => {}).then(() => {
        // Whoever has not said anything is asked again: it may be for want of a login.
        asked = capabilities;
      });
      await asked;
      return capabilities;
    },
    /** Whether the same request for this path is not run twice, if it has the same key. */
    async keepsKeys(path) {
      return (await it.known())?.idempotency?.paths.some((pattern) => {
        const [begin, end] = pattern.split('*');
        return end === undefined ? path === begin : `${path}/`.startsWith(begin) && path.endsWith(end);
      });
    },
    /** The header of a batch, but for what `post` gives it. */
    async header(own) {
      const all = new Headers(typeof headers === 'function' ? await headers() : headers);
      new Headers(own).forEach((value, name) => all.set(name, value));
      return all;
    },
    post: (init, onEntry) => post(it, init, onEntry),
    BatchError,
    /**
     * Without these it works: from now on nobody tries with them. The next page does unless it is `proven`: the same batch was
     * lost with 207. `again`: it was sent before.
     *
     * @param {{ status?: boolean, stream?: boolean, lost?: boolean, again?: boolean, proven?: boolean }} trouble
     */
    learn({ status, stream, proven }) {
      if (status && proven) {
        stored(() => sessionStorage.setItem(item, '200'));
      }
      known.status = known.status || status;
      known.stream = known.stream || stream;
      it.trust();
    },
  };
  const isOff = () => Date.now() < offUntil;
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
 * @returns {Promise<{ summary?: any, other?: Response, broken?: unknown, streamed?: boolean }>} one of
 * `{ summary }`: all of it is there;
 * `{ other }`: an answer that is none to a batch;
 * `{ broken, streamed }`: what had no entry may have run. `streamed`: it came as a stream, and broke off
 */
async function post(endpoint, { stream, trouble, headers, ...init }, onEntry) {
  const url = new URL(endpoint.url);
  if (trouble.status) {
    // No header: who eats a 207 may eat that too.
    url.searchParams.set('multi-status', '200');
  }
  headers.set('Content-Type', JSON_TYPE);
  headers.set('Accept', stream && !trouble.stream ? NDJSON : JSON_TYPE);
  let streamed;
  try {
    const response = await endpoint.send(url, { method: 'POST', redirect: 'manual', headers, ...init });
    const type = response.headers.get('Content-Type');
    if (/^20[07]$/.test(response.status) && /^application\/(x-nd)?json\b/.test(type)) {
      streamed = /x-nd/.test(type);
      return { summary: await (streamed ? readLines : readEnvelope)(response, onEntry) };
    }
    return { other: response };
  } catch (broken) {
    return { broken, streamed };
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
  throw lost('all');
}

async function readEnvelope(response, onEntry) {
  const { entries, summary } = envelopeOf(await response.text());
  entries.forEach(onEntry);
  return summary;
}
