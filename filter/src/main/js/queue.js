import { callOf, isForeign, sizeOf } from './calls.js';
import { reasonOf } from './events.js';
import { isSafe } from './items.js';
import { pause } from './retries.js';
import { senderOf } from './sending.js';

/** What browsers send of a page that is left, in all, and a little for the header. */
const LEAVING_BYTES = 60000;
/** How long others wait for a body that has to be read first. */
const READING_MILLIS = 100;

/**
 * Collects the calls of a page, and sends together what is waiting at the same time.
 *
 * @param {import('./endpoint.js').Endpoint} endpoint
 * @param {import('./batch.d.ts').BatcherOptions} options
 */
export function callsOf(endpoint, options) {
  const { maxWait = 0, dedupe = true, idempotency = true } = options;
  /** The calls that wait to be sent, by their `credentials`, which are one for all of a batch. */
  let waiting = new Map();
  /** GETs that others may wait for as well. */
  const shared = new Map();
  let timer;
  /** The groups that wait for a body to be read. */
  const reading = new Set();
  const sender = senderOf(endpoint, options, enqueue, dispatch);

  /** Nobody shares what began before something was changed. */
  function changing(answer) {
    shared.clear();
    return answer.finally(() => shared.clear());
  }

  async function fetch(input, init) {
    const { method = input.method ?? 'GET' } = init ?? {};
    return isSafe(method) ? begin(input, init) : changing(begin(input, init));
  }

  async function begin(input, init) {
    if (init instanceof Request) {
      return begin(new Request(input, init));
    }
    const { batch, body, signal = input.signal } = init ?? {};
    if (batch === false) {
      return endpoint.send(input, init);
    }
    const request = new Request(input, { ...init, signal: null });
    if (signal?.aborted) {
      throw reasonOf(signal);
    }
    return isForeign(request, body, endpoint) ? endpoint.send(request, { signal }) : waitFor(request, body, signal);
  }

  /** With somebody else if the call is the same. */
  function waitFor(request, body, signal) {
    const key = dedupe && request.method === 'GET' && JSON.stringify([request.url, request.credentials, request.cache, ...request.headers]);
    const same = shared.get(key);
    if (same) {
      return same.wait(signal);
    }
    const call = callOf(request, body, idempotency, endpoint.bytes, () => shared.get(key) === call && shared.delete(key));
    const answer = call.wait(signal);
    if (key && !call.isOver()) {
      shared.set(key, call);
    }
    enqueue(call);
    return answer;
  }

  function enqueue(call) {
    const { credentials } = call.request;
    const group = waiting.get(credentials) ?? [];
    waiting.set(credentials, group);
    group.push(call);
    if (group.length >= endpoint.items) {
      flush();
    } else {
      timer = timer ?? setTimeout(flush, maxWait);
    }
  }

  function collected() {
    clearTimeout(timer);
    timer = undefined;
    const groups = waiting;
    waiting = new Map();
    return groups;
  }

  function flush() {
    collected().forEach(dispatch);
  }

  /** Sends calls in as few batches as there have to be. What cannot be read in time holds nobody up. */
  async function dispatch(calls) {
    if (calls.some(({ bytes }) => !bytes)) {
      reading.add(calls);
      await Promise.race([Promise.all(calls.map(({ read }) => read)), pause(READING_MILLIS)]);
      if (!reading.delete(calls)) {
        return;
      }
    }
    packed(calls, endpoint.bytes).forEach((batch) => sender.send(batch));
  }

  function packed(calls, most) {
    const batches = [[]];
    let bytes = 0;
    for (const call of calls) {
      const last = batches[batches.length - 1];
      // The answer to a HEAD in a batch would have no Content-Length.
      if (!call.bytes || call.method === 'HEAD' || endpoint.goesAlone(call.path)) {
        batches.splice(-1, 0, [call]);
      } else {
        bytes += sizeOf(call);
        if (last.length >= endpoint.items || bytes > most) {
          batches.push([call]);
          bytes = sizeOf(call);
        } else {
          last.push(call);
        }
      }
    }
    return batches;
  }

  /** The page is left: what changes something comes first, as long as the browser sends it all the same. */
  function leave() {
    let left = LEAVING_BYTES;
    const groups = [...collected().values(), ...reading];
    reading.clear();
    groups.forEach((calls) => {
      calls.sort((one, other) => one.safe - other.safe);
      packed(calls, Math.min(left, endpoint.bytes)).forEach((batch) => {
        // Of one alone there is no more than its body. How long one is that has not been read, nobody knows, and the browser
        // would refuse it.
        const bytes = batch[1] ? batch.reduce((sum, call) => sum + sizeOf(call), 0) : batch[0]?.bytes?.length;
        const fits = bytes <= left;
        sender.send(batch, fits);
        left -= fits ? bytes : 0;
      });
    });
  }

  globalThis.addEventListener?.('pagehide', leave);
  return { fetch, flush, changing };
}
