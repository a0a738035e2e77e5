import { callOf, isForeign } from './calls.js';
import { isSafe } from './items.js';
import { senderOf } from './sending.js';

/** What browsers send of a page that is left, in all, and a little for the header. */
const LEAVING_BYTES = 60000;

/**
 * Collects the calls of a page, and sends together what is waiting at the same time.
 *
 * @param {ReturnType<import('./endpoint.js').endpointOf>} endpoint
 * @param {import('./batch.d.ts').BatcherOptions} options
 */
export function callsOf(endpoint, options) {
  const { maxWait = 0, dedupe = true, idempotency = true } = options;
  /** The calls that wait to be sent, by their `credentials`, which are one for all of a batch. */
  let waiting = new Map();
  /** GETs that others may wait for as well. */
  const shared = new Map();
  let timer;
  const sender = senderOf(endpoint, options, enqueue, dispatch);

  async function fetch(input, init = {}) {
    if (init.batch === false) {
      return endpoint.send(input, init);
    }
    const { signal = input.signal } = init;
    const request = new Request(input, { ...init, signal: null });
    const safe = isSafe(request.method);
    if (!safe) {
      shared.clear();
    }
    const answer = isForeign(request, init.body, endpoint) ? endpoint.send(request, { signal }) : waitFor(request, init.body, signal);
    return safe ? answer : answer.finally(() => shared.clear());
  }

  /** With somebody else if the call is the same; nobody shares what began before something was changed. */
  function waitFor(request, body, signal) {
    const key = dedupe && request.method === 'GET' && JSON.stringify([request.url, request.credentials, ...request.headers]);
    const same = shared.get(key);
    if (same) {
      return same.wait(signal);
    }
    const call = callOf(request, body, idempotency, () => shared.get(key) === call && shared.delete(key));
    const answer = call.wait(signal);
    if (key) {
      shared.set(key, call);
    }
    enqueue(call);
    return answer;
  }

  function enqueue(call) {
    const { credentials } = call.request;
    const group = [...(waiting.get(credentials) ?? []), call];
    waiting.set(credentials, group);
    if (group.length >= endpoint.items) {
      flush();
    } else {
      timer = timer ?? setTimeout(flush, maxWait);
    }
  }

  function flush(leaving) {
    clearTimeout(timer);
    timer = undefined;
    const groups = waiting;
    waiting = new Map();
    groups.forEach((calls) => dispatch(calls, leaving));
  }

  /** Sends calls in as few batches as there have to be. */
  async function dispatch(calls, leaving) {
    if (!leaving) {
      await Promise.all(calls.map(({ read }) => read));
    }
    let batch = [];
    let bytes = 0;
    for (const call of calls) {
      if (!call.bytes || endpoint.isOff() || endpoint.alone.has(call.path)) {
        sender.alone(call, leaving);
      } else {
        const size = sizeOf(call);
        bytes += size;
        if (batch.length >= endpoint.items || bytes > (leaving ? LEAVING_BYTES : endpoint.bytes)) {
          sender.send(batch, leaving);
          batch = [];
          bytes = size;
        }
        batch.push(call);
      }
    }
    sender.send(batch, leaving);
  }

  globalThis.addEventListener?.('pagehide', () => flush(true));
  return { fetch, flush: () => flush() };
}

/** The bytes of a call in a batch, about: bytes that are no text grow by a third. Whoever is wrong is told by the server. */
const sizeOf = ({ bytes, headers, target }) => 100 + 1.4 * bytes.length + `${[target, headers]}`.length;
