import { callOf, goesAlone } from './calls.js';
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
  /** The calls that wait to be sent, by how they are sent: `credentials` is one for all of a batch. */
  let waiting = new Map();
  /** GETs that others may wait for as well. */
  const shared = new Map();
  let timer;
  const sender = senderOf(endpoint, options, { enqueue, dispatch });

  async function fetch(input, init = {}) {
    if (init.batch === false) {
      return endpoint.send(input, init);
    }
    const signal = init.signal === undefined ? input.signal : init.signal;
    const request = new Request(input, { ...init, signal: null });
    const changes = !/^(GET|HEAD|OPTIONS)$/.test(request.method);
    if (changes) {
      shared.clear();
    }
    const answer = goesAlone(request, init, endpoint)
      ? endpoint.send(request, { signal })
      : callFor(request, init.body).wait(signal);
    return changes ? answer.finally(() => shared.clear()) : answer;
  }

  /** The call of somebody else if it is the same; nobody shares what began before something was changed. */
  function callFor(request, body) {
    const key = dedupe && request.method === 'GET' && JSON.stringify([request.url, request.credentials, ...request.headers]);
    const same = shared.get(key);
    if (same && !same.isOver()) {
      return same;
    }
    const call = callOf(request, body, idempotency, () => shared.get(key) === call && shared.delete(key));
    if (key) {
      shared.set(key, call);
    }
    enqueue(call);
    return call;
  }

  function enqueue(call) {
    const { credentials } = call.request;
    const group = waiting.get(credentials) || [];
    waiting.set(credentials, [...group, call]);
    if (group.length + 1 >= endpoint.limits.items) {
      flush();
    } else if (timer === undefined) {
      timer = setTimeout(flush, maxWait);
    }
  }

  function flush() {
    sendAll(false);
  }

  function sendAll(leaving) {
    clearTimeout(timer);
    timer = undefined;
    const groups = waiting;
    waiting = new Map();
    groups.forEach((calls) => dispatch(calls, leaving));
  }

  /** Sends calls in as few batches as there have to be. */
  async function dispatch(calls, leaving) {
    if (!leaving) {
      await allRead(calls);
    }
    const ready = calls.filter((call) => {
      const batched = call.bytes && !endpoint.refuses(call.path);
      if (!batched) {
        sender.alone(call, leaving);
      }
      return batched;
    });
    let batch = [];
    let bytes = 0;
    const maxBytes = leaving ? LEAVING_BYTES : endpoint.limits.bytes;
    for (const call of ready) {
      const size = sizeOf(call);
      if (batch.length >= endpoint.limits.items || (batch.length > 0 && bytes + size > maxBytes)) {
        sender.send(batch, leaving);
        batch = [];
        bytes = 0;
      }
      batch.push(call);
      bytes += size;
    }
    sender.send(batch, leaving);
  }

  if (globalThis.addEventListener) {
    addEventListener('pagehide', () => sendAll(true));
  }
  return { fetch, flush };
}

/** Waits for bodies; what cannot be read is over. */
async function allRead(calls) {
  await Promise.all(calls.map((call) => call.read.catch((error) => call.reject(error))));
}

/** The bytes of a call in a batch, about: bytes that are no text grow by a third. Whoever is wrong is told by the server. */
function sizeOf({ bytes, headers, target }) {
  return 100 + 1.4 * bytes.length + target.length + String(headers).length + 6 * headers.length;
}
