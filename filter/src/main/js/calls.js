import { bodyMembers, isSafe, randomId } from './items.js';

/** Header that items do not take over from their batch. */
const NOT_INHERITED = /^(accept(-encoding)?|batch-.*|content-.*|expect|idempotency-key|if-.*|prefer|range)$/;
const READS_CACHE = ['force-cache', 'only-if-cached'];

/**
 * A call of the page that waits for its answer. Several callers may wait for the same.
 *
 * @param {Request} request without a signal
 * @param {BodyInit} [body] as it was given, if it was
 * @param {boolean} keyed whether it gets a key if it is not safe
 * @param {Function} ended called when nobody waits any more
 */
export function callOf(request, body, keyed, ended) {
  const url = new URL(request.url);
  const safe = isSafe(request.method);
  if (keyed && !safe && !request.headers.has('Idempotency-Key')) {
    request.headers.set('Idempotency-Key', `"${randomId()}"`);
  }
  const controller = new AbortController();
  const callers = new Set();
  const call = {
    request,
    method: request.method,
    url: url.href.replace(/#.*/, ''),
    path: url.pathname,
    target: url.pathname + url.search,
    safe,
    keyed: request.headers.has('Idempotency-Key'),
    headers: [...request.headers],
    /** The bytes of the body, or undefined as long as they are not there. */
    bytes: typeof body === 'string' || /^(GET|HEAD)$/.test(request.method) ? new TextEncoder().encode(body || '') : undefined,
    attempt: 1,
    calledAt: performance.now(),
    /** Aborted when nobody waits any more. */
    signal: controller.signal,
    /** Has one more caller wait; their signals end their own waiting only. */
    wait(signal) {
      return new Promise((resolve, reject) => {
        if (signal && signal.aborted) {
          reject(signal.reason);
          return;
        }
        const caller = { resolve, reject, stop: () => {} };
        callers.add(caller);
        if (signal) {
          const leave = () => {
            reject(signal.reason);
            callers.delete(caller);
            if (callers.size === 0) {
              ended();
              controller.abort(signal.reason);
            }
          };
          signal.addEventListener('abort', leave);
          caller.stop = () => signal.removeEventListener('abort', leave);
        }
      });
    },
    isOver: () => call.answered || callers.size === 0,
    resolve(response) {
      const responses = [...callers].map((caller, index) => [caller, index ? response.clone() : response]);
      call.end();
      responses.forEach(([caller, own]) => caller.resolve(own));
    },
    reject(error) {
      const waiting = [...callers];
      call.end();
      waiting.forEach((caller) => caller.reject(error));
    },
    end() {
      call.answered = true;
      callers.forEach((caller) => caller.stop());
      callers.clear();
      ended();
    },
  };
  call.read = call.bytes ? Promise.resolve() : request.clone().arrayBuffer().then((buffer) => {
    call.bytes = new Uint8Array(buffer);
  });
  call.read.catch(() => {});
  return call;
}

/** Whether a call has to go by itself, as it would without a batcher. */
export function goesAlone(request, init, endpoint) {
  const { origin, pathname } = new URL(request.url);
  return origin !== endpoint.url.origin
    || pathname === endpoint.url.pathname || pathname.startsWith(`${endpoint.url.pathname}/`)
    || request.keepalive || request.integrity || request.redirect !== 'follow' || READS_CACHE.includes(request.cache)
    || request.referrerPolicy || request.referrer !== 'about:client'
    || request.mode !== 'cors'
    || /event-stream|ndjson/.test(request.headers.get('Accept'))
    || typeof ReadableStream !== 'undefined' && init && init.body instanceof ReadableStream;
}

/** What all calls have in common, and items inherit: it is on the batch, where filters in front look for it too. */
export function commonHeader(calls) {
  const [first, ...others] = calls;
  return first.headers.filter(([name, value]) => !NOT_INHERITED.test(name)
    && others.every(({ request }) => request.headers.get(name) === value));
}

/** The items of a batch for these calls, each with its place as its id. */
export function itemsOf(calls, common) {
  const inherited = new Set(common.map(([name]) => name));
  return calls.map((call, index) => {
    const own = call.headers.filter(([name]) => !inherited.has(name));
    const headers = JSON.stringify({ accept: '*/*', ...Object.fromEntries(own) });
    const body = call.bytes.length ? bodyMembers(call.bytes, call.request.headers.get('Content-Type') || '') : '';
    return `{"id":"${index}","method":"${call.method}","url":${JSON.stringify(call.target)},"headers":${headers}${body}}`;
  });
}
