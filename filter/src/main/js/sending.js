import { responseOf } from './answers.js';
import { commonHeader, itemsOf } from './calls.js';
import { lost } from './errors.js';
import { notify } from './events.js';
import { delayBefore, isBusy, mayPass, PATIENT, pause, retryAfterOf } from './retries.js';

/** Problems of items that have not run and would have by themselves: foreign-origin, forbidden-..., nested-batch, and so on. */
const ONLY_IN_BATCHES = /^urn:multistatus:(fo|malformed-r|nes|no-r|sub|too-many)/;

/**
 * Sends calls, alone and as batches, and sees to it that each has its answer in the end.
 *
 * @param {ReturnType<import('./endpoint.js').endpointOf>} endpoint
 * @param {import('./batch.d.ts').BatcherOptions} options
 * @param {(call: object) => void} enqueue takes a call that is to be sent again
 * @param {(calls: object[]) => void} dispatch takes calls that are to be sent again at once
 */
export function senderOf(endpoint, { retry = 0, stream: streams = 'auto', onItem, onRequest }, enqueue, dispatch) {
  let requests = 0;

  function begin(calls, how) {
    const request = ++requests;
    const tell = (type, error) => {
      const at = performance.now();
      notify(onRequest, { request, type, items: calls.length, how, at, error });
      return at;
    };
    const sentAt = tell('begin');
    calls.forEach((call) => Object.assign(call, { sentAt, sentIn: request }));
    return (error) => tell('end', error);
  }

  /** One request for one call, whatever it takes. Whether it was answered. */
  async function alone(call, keepalive = false) {
    if (call.isOver()) {
      return false;
    }
    const end = begin([call], 'single');
    try {
      const response = await endpoint.send(call.request.clone(), { signal: call.signal, keepalive });
      end();
      await answer(call, response, mayPass(response));
      return true;
    } catch (error) {
      end(error);
      if (!await again(call, 0, 0)) {
        call.reject(error);
      }
      return false;
    }
  }

  /** Hands on an answer, unless its failure may pass and the call can be sent again. */
  async function answer(call, response, retryable) {
    const { status } = response;
    const repeated = retryable && await again(call, status, retryAfterOf(response));
    if (!call.isOver()) {
      const { sentIn, method, url, attempt, calledAt, sentAt } = call;
      notify(onItem, { request: sentIn, method, url, status, attempt, again: repeated, calledAt, sentAt, answeredAt: performance.now() });
      if (!repeated) {
        call.resolve(response);
      }
    }
  }

  /** Has a call sent again, if the policy and its nature allow it. What was lost before may be running still, which is 409. */
  async function again(call, status, retryAfter) {
    const delay = delayBefore(call.lost && status === 409 ? PATIENT : retry, call.attempt, retryAfter);
    if (delay === undefined || call.isOver() || !await isRepeatable(call)) {
      return false;
    }
    pause(delay, call.signal).then(() => {
      call.attempt++;
      enqueue(call);
    }, () => {});
    return true;
  }

  const isRepeatable = async ({ safe, keyed }) => safe || (keyed && endpoint.has('idempotency'));

  /**
   * One request for several calls.
   *
   * @param {boolean} [keepalive] whether the page is being left
   * @param {object} [trouble] what to do without
   */
  async function send(calls, keepalive = false, trouble = { ...endpoint.trouble }) {
    const items = calls.filter((call) => !call.isOver());
    if (items.length < 2) {
      items.forEach((call) => alone(call, keepalive));
      return;
    }
    const stream = !trouble.stream && !keepalive && (streams === 'auto' ? items.every(({ safe }) => safe) : streams);
    const signal = whenNobodyWaits(items);
    const open = new Set(items);
    const failed = new Map();
    const arrived = (entry) => {
      const call = items[entry.id];
      if (open.delete(call) && !call.isOver()) {
        take(call, entry, failed);
      }
    };
    const common = commonHeader(items);
    const body = `{"requests":[\n${itemsOf(items, common).join(',\n')}]}`;
    const end = begin(items, stream ? 'stream' : 'envelope');
    let headers;
    try {
      headers = await endpoint.header([...common, ['Prefer', 'execution=parallel']]);
    } catch (error) {
      // The page's own function.
      end(error);
      items.forEach((call) => call.reject(error));
      return;
    }
    const { credentials } = items[0].request;
    const sent = endpoint.post({ stream, trouble, headers, body, credentials, signal, keepalive }, arrived);
    if (!keepalive) {
      endpoint.ask();
    }
    const { broken, begun, problem, status, retryAfter, summary } = await sent;
    end(broken ?? problem);
    failed.forEach((response, call) => answer(call, response, summary?.retryable.includes(`${items.indexOf(call)}`)));
    const left = [...open].filter((call) => !call.isOver());
    if (problem) {
      refused(left, status, problem, retryAfter, body.length);
    } else if (left.length) {
      repeat(left, broken, begun && stream ? 'stream' : 'status', trouble);
    } else if (summary) {
      ['stream', 'status'].filter((lesson) => trouble[lesson] && !endpoint.trouble[lesson]).forEach(endpoint.learn);
    }
  }

  /** Takes the answer to an item; one that may be tried again waits in `failed` until the batch says whether. */
  function take(call, entry, failed) {
    const { status, headers, body, cookies } = entry;
    const type = Object(body).type;
    const leads = /^30[12378]$/.test(status) && headers.Location;
    const done = leads && (status === 303 || (status < 303 && call.method === 'POST'));
    if (ONLY_IN_BATCHES.test(type) || (leads && !done) || (call.safe && (done || /response-too-large$/.test(type)))) {
      endpoint.alone.add(call.path);
      alone(call);
    } else if (call.safe && cookies) {
      // They have come too late for the header of the answer.
      endpoint.learn('stream');
      alone(call);
    } else if (done) {
      follow(call, new URL(leads, call.url));
    } else {
      hand(call, entry, failed);
    }
  }

  function hand(call, entry, failed) {
    try {
      const response = responseOf(entry, call.method, call.url);
      if ((retry || call.lost) && mayPass(response)) {
        failed.set(call, response);
      } else {
        answer(call, response);
      }
    } catch (error) {
      call.reject(error);
    }
  }

  /** What has been changed is not changed again: goes on where the answer to a POST leads (Fetch, 4.4). */
  function follow(call, url) {
    endpoint.send(url, {
      headers: url.origin === endpoint.url.origin ? call.headers.filter(([name]) => !/^(content-|idem)/.test(name)) : [],
      credentials: call.request.credentials,
      signal: call.signal,
    }).then((response) => answer(call, response), call.reject);
  }

  /** The endpoint, or somebody in front of it, has not let the batch in: nothing has run. */
  function refused(calls, status, { type, limit }, retryAfter, length) {
    if (status === 413 && calls.length) {
      if (type === 'urn:multistatus:too-many-requests') {
        endpoint.items = Math.min(limit, calls.length - 1);
      } else {
        endpoint.bytes = Math.min(limit ?? length, length) / 2;
      }
      dispatch(calls);
      return;
    }
    const later = isBusy(status);
    if (!later && status !== 401 && status !== 403) {
      endpoint.switchOff();
    }
    calls.forEach(async (call) => {
      if (!later || !await again(call, status, retryAfter)) {
        alone(call);
      }
    });
  }

  /** No answer has come, or none that can be read, and anything may have run. */
  async function repeat(calls, broken, suspect, trouble) {
    const left = [];
    for (const call of calls) {
      if (await isRepeatable(call)) {
        call.lost = true;
        left.push(call);
      } else {
        call.reject(lost(`${call.method} ${call.url}`, broken));
      }
    }
    if (!trouble[suspect]) {
      send(left, false, { ...trouble, [suspect]: true });
    } else if ((await Promise.all(left.map((call) => alone(call)))).includes(true)) {
      endpoint.switchOff();
    }
  }

  return { send, alone };
}

/** Aborts when none of the calls is waited for any more. */
function whenNobodyWaits(calls) {
  const controller = new AbortController();
  calls.forEach(({ signal }) => signal.addEventListener('abort', () => {
    if (calls.every((call) => call.isOver())) {
      controller.abort(signal.reason);
    }
  }));
  return controller.signal;
}
