import { bodyMembers, isSafe, randomId } from './items.js';

/** Header that items do not take over from their batch. */
const NOT_INHERITED = /^(accept(-encoding)?|batch-.*|content-.*|expect|idempotency-key|if-.*|prefer|range)$/;
const KEY = 'idempotency-key';
/** What a call asks for that can go into a batch; what a browser does not know counts as that. */
const USUAL = { integrity: '', mode: 'cors', redirect: 'follow', referrer: 'about:client', referrerPolicy: '', keepalive: false };

/**
 * A call of the page that waits for its answer. Several callers may wait for the same.
 *
 * @param {Request} request without a signal
 * @param {BodyInit} [body] as it was given, if it was
 * @param {boolean} keyed whether it gets a key if it is not safe
 * @param {Function} ended called when nobody waits any more
 */
export function callOf(request, body, keyed, ended) {
  const { headers, method } = request;
  const { pathname, search, href } = new URL(request.url);
  const safe = isSafe(method);
  if (keyed && !safe && !headers.has(KEY)) {
    headers.set(KEY, `"${randomId()}"`);
  }
  const controller = new AbortController();
  const over = new AbortController();
  let callers = 0;
  let copies = 0;
  let settle;
  const answer = new Promise((resolve, reject) => {
    settle = { resolve, reject };
  });
  const call = {
    request,
    method,
    url: href.replace(/#.*/, ''),
    path: pathname,
    target: pathname + search,
    safe,
    keyed: headers.has(KEY),
    headers: [...headers],
    /** The bytes of the body, or undefined as long as they are not there. */
    bytes: typeof body === 'string' || /^(GET|HEAD)$/.test(method) ? new TextEncoder().encode(body ?? '') : undefined,
    attempt: 1,
    calledAt: performance.now(),
    /** Aborted when nobody waits any more. */
    signal: controller.signal,
    isOver: () => callers === 0,
    /** Has one more caller wait; their signals end their own waiting only. */
    wait: (signal) => new Promise((resolve, reject) => {
      const leave = () => {
        reject(signal.reason);
        if (--callers === 0) {
          call.end();
          controller.abort(signal.reason);
        }
      };
      callers++;
      signal?.addEventListener('abort', leave, { signal: over.signal });
      if (signal?.aborted) {
        leave();
      }
      answer.then((response) => resolve(copies++ ? response.clone() : response), reject);
    }),
    resolve: (response) => call.end(settle.resolve(response)),
    reject: (error) => call.end(settle.reject(error)),
    end() {
      callers = 0;
      over.abort();
      ended();
    },
  };
  call.read = call.bytes ? undefined : request.clone().arrayBuffer().then((buffer) => {
    call.bytes = new Uint8Array(buffer);
  }).catch(call.reject);
  return call;
}

/** Whether a call is none of a batcher's business. */
export function isForeign(request, body, endpoint) {
  const { origin, pathname } = new URL(request.url);
  return origin !== endpoint.url.origin
    || `${pathname}/`.startsWith(`${endpoint.url.pathname}/`)
    || Object.entries(USUAL).some(([name, value]) => (request[name] ?? value) !== value)
    || /-cache.|only/.test(request.cache)
    || /event-stream|ndjson/.test(request.headers.get('Accept'))
    || body instanceof ReadableStream;
}

/** What all calls have in common, and items inherit: it is on the batch, where filters in front look for it too. */
export function commonHeader([first, ...others]) {
  return first.headers.filter(([name, value]) => !NOT_INHERITED.test(name)
    && others.every(({ request }) => request.headers.get(name) === value));
}

/** The items of a batch for these calls, each with its place as its id. */
export const itemsOf = (calls, common) => calls.map(({ headers, bytes, method, target, request }, index) => JSON.stringify({
  id: `${index}`,
  method,
  url: target,
  headers: { accept: '*/*', ...Object.fromEntries(headers.filter(([name]) => !new Map(common).has(name))) },
  ...(bytes.length && bodyMembers(bytes, request.headers.get('Content-Type'))),
}));
