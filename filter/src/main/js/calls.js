import { onAbort } from './events.js';
import { bodyMembers, isSafe, randomId } from './items.js';

/** Header that items do not take over from their batch, or that would make something else of it. */
const NOT_INHERITED = /^(accept(-encoding)?$|batch-|content-|expect|idempotency-key|if-|prefer|range|x-.*method)/;
const KEY = 'idempotency-key';
/** What a call asks for that can go into a batch; what a browser does not know counts as that. */
const USUAL = { integrity: '', mode: 'cors', redirect: 'follow', referrer: 'about:client', referrerPolicy: '', keepalive: false };

/**
 * `read` resolves when the bytes are there, or cannot be had; `lost`: it was sent, and no answer has come; `dice`: 0 to 1, the same
 * for what was sent together.
 *
 * @typedef {ReturnType<typeof callOf> & { read?: Promise<void>, lost?: boolean, dice?: number }} Call
 */

/**
 * A call of the page that waits for its answer. Several callers may wait for the same.
 *
 * @param {Request} request without a signal
 * @param {BodyInit | undefined} body as it was given, if it was
 * @param {boolean} keyed whether it gets a key if it is not safe
 * @param {number} most of a body that is longer not all is read
 * @param {() => void} ended called when nobody may join any more
 */
export function callOf(request, body, keyed, most, ended) {
  const { headers, method } = request;
  const { pathname, search, href } = new URL(request.url);
  const safe = isSafe(method);
  const givenKey = keyed && !safe && !headers.has(KEY);
  if (givenKey) {
    headers.set(KEY, `"${randomId()}"`);
  }
  const controller = new AbortController();
  const callers = new Set();
  const end = () => {
    callers.forEach(({ release }) => release());
    callers.clear();
    ended();
  };
  const url = href.replace(/#.*/, '');
  const call = {
    request,
    method,
    url,
    path: pathname,
    target: pathname + search,
    safe,
    keyed: headers.has(KEY),
    /** Whether the key is none of the page's. */
    givenKey,
    headers: [...headers],
    /** The bytes of the body, or undefined as long as they are not there. */
    bytes: typeof body === 'string' || /^(GET|HEAD)$/.test(method) ? new TextEncoder().encode(`${body ?? ''}`) : undefined,
    attempt: 1,
    /** What a listener is told of it. */
    told: { method, url, calledAt: performance.now() },
    /** Aborted when nobody waits any more. */
    signal: controller.signal,
    isOver: () => !callers.size,
    /** Has one more caller wait; their signal, not aborted yet, ends their own waiting only. */
    wait: (signal) => new Promise((resolve, reject) => {
      const release = onAbort(signal, (reason) => {
        callers.delete(caller);
        reject(reason);
        if (call.isOver()) {
          end();
          controller.abort(reason);
          request.body?.cancel().catch(() => {});
        }
      });
      const caller = { resolve, reject, release, signal };
      callers.add(caller);
    }),
    /**
     * The signal for a request of its own. That of an only caller is in it, and goes on to end the body when the answer is
     * there; so nobody else may join.
     */
    bound() {
      const [only, other] = callers;
      if (other || !only?.signal || !AbortSignal.any) {
        return controller.signal;
      }
      ended();
      return AbortSignal.any([controller.signal, only.signal]);
    },
    resolve(response) {
      const last = callers.size - 1;
      [...callers].forEach(({ resolve }, index) => resolve(index < last ? response.clone() : response));
      end();
    },
    reject(error) {
      callers.forEach(({ reject }) => reject(error));
      end();
    },
  };
  call.read = call.bytes ? undefined : read(request.clone(), most, controller.signal).then((buffer) => {
    call.bytes = new Uint8Array(buffer);
  }, () => {});
  return call;
}

/** Rejects if a body is longer, or nobody waits for it any more. Not every browser has `body`. */
async function read(request, most, signal) {
  let left = most;
  const transform = (chunk, to) => {
    left -= chunk.length;
    to[left < 0 ? 'error' : 'enqueue'](chunk);
  };
  const body = request.body?.pipeThrough(new TransformStream({ transform }), { signal });
  return new Response(body ?? await request.arrayBuffer()).arrayBuffer();
}

/** Whether a call is none of a batcher's business. */
export function isForeign(request, body, endpoint) {
  const { origin, pathname } = endpoint.url;
  // What is a blob: has the origin of the page, too.
  return !request.url.startsWith(`${origin}/`)
    || `${new URL(request.url).pathname}/`.startsWith(`${pathname}/`)
    || Object.entries(USUAL).some(([name, value]) => (request[name] ?? value) !== value)
    || /force|only/.test(request.cache)
    || /event-stream|ndjson/.test(request.headers.get('Accept'))
    // A stream.
    || Boolean(body?.getReader)
    // What is too long is not even read.
    || lengthOf(body) > endpoint.bytes;
}

/** The bytes of a body that may be a file, about; undefined if it is in memory already, or nobody knows. */
const lengthOf = (body) => (body instanceof FormData ? new Blob([...body.values()]) : body)?.size;

/** What all calls have in common, and items inherit: it is on the batch, where filters in front look for it too. */
export function commonHeader([first, ...others]) {
  return first.headers.filter(([name, value]) => !NOT_INHERITED.test(name)
    && others.every(({ request }) => request.headers.get(name) === value));
}

/** The items of a batch for these calls, each with its place as its id. */
export function itemsOf(calls, common) {
  const inherited = new Map(common);
  return calls.map(({ headers, bytes, method, target, request }, index) => JSON.stringify({
    id: `${index}`,
    method,
    url: target,
    headers: { accept: '*/*', ...Object.fromEntries(headers.filter(([name]) => !inherited.has(name))) },
    ...(bytes.length && bodyMembers(bytes, request.headers.get('Content-Type'))),
  }));
}

/** The bytes of a call in a batch, as far as they are known: no less than they are, but for odd header. */
export const sizeOf = ({ bytes = '', headers, target }) => 200 + 1.4 * bytes.length + 2 * `${[target, headers]}`.length;
