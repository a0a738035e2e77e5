import { responseOf } from './answers.js';
import { commonHeader, itemsOf } from './calls.js';
import { post } from './endpoint.js';
import { lost } from './errors.js';
import { notify } from './events.js';
import { delayBefore, mayPass, PATIENT, pause, retryAfterOf } from './retries.js';

const REDIRECTS = [301, 302, 303, 307, 308];
/** Problems of items that have not run, and would have by themselves. */
const ONLY_IN_BATCHES = /^urn:multistatus:(foreign-origin|forbidden-header|forbidden-target|malformed-request|nested-batch|no-room|subrequest-too-large|too-many-headers)$/;

/**
 * Sends calls, alone and as batches, and sees to it that each has its answer in the end.
 *
 * @param {ReturnType<import('./endpoint.js').endpointOf>} endpoint
 * @param {import('./batch.d.ts').BatcherOptions} options
 * @param {{ enqueue: Function, dispatch: Function }} queue takes calls that are to be sent again
 */
export function senderOf(endpoint, { retry = 0, onItem, onRequest }, { enqueue, dispatch }) {
  let requests = 0;

  function begin(calls, how) {
    const at = performance.now();
    const request = ++requests;
    calls.forEach((call) => Object.assign(call, { sentAt: at, sentIn: request }));
    const tell = (type, error) => {
      const event = { request, type, items: calls.length, batched: how !== 'single', how, at: performance.now() };
      notify(onRequest, error ? { ...event, error } : event);
    };
    tell('begin');
    return (error) => tell('end', error);
  }

  function note(call, status, again) {
    const { sentIn, method, url, attempt, calledAt, sentAt } = call;
    notify(onItem, { request: sentIn, method, url, status, attempt, again, calledAt, sentAt, answeredAt: performance.now() });
  }

  /** One request for one call, whatever it takes. Whether it was answered. */
  async function alone(call, leaving) {
    if (call.isOver()) {
      return false;
    }
    const end = begin([call], 'single');
    try {
      const response = await endpoint.send(call.request.clone(), { signal: call.signal, ...(leaving && { keepalive: true }) });
      end();
      await answer(call, response, mayPass(response.status, retryAfterOf(response.headers)));
      return true;
    } catch (error) {
      end(error);
      if (!await again(call, 503, 0)) {
        call.reject(error);
      }
      return false;
    }
  }

  /** Hands on an answer, unless its failure may pass and the call can be sent again. */
  async function answer(call, response, retryable) {
    const repeated = retryable && await again(call, response.status, retryAfterOf(response.headers));
    if (!call.isOver()) {
      note(call, response.status, repeated);
      if (!repeated) {
        call.resolve(response);
      }
    }
  }

  /** Has a call sent again, if the policy and its nature allow it. Of one that was sent again for want of an answer, the first try may be running still. */
  async function again(call, status, retryAfter) {
    const policy = call.lost && status === 409 ? PATIENT : retry;
    const delay = delayBefore(policy, call.attempt, retryAfter);
    if (call.isOver() || delay === undefined || !await isRepeatable(call)) {
      return false;
    }
    pause(delay, call.signal).then(() => {
      call.attempt++;
      enqueue(call);
    }, () => {});
    return true;
  }

  const isRepeatable = async (call) => call.safe || (call.keyed && await endpoint.keepsKeys());

  /**
   * One request for several calls.
   *
   * @param {boolean} leaving whether the page is being left
   * @param {object} trouble what to do without: what it is known to be in trouble with, or may be
   */
  async function send(calls, leaving, trouble = { ...endpoint.trouble }) {
    const items = calls.filter((call) => !call.isOver());
    if (items.length < 2) {
      items.forEach((call) => alone(call, leaving));
      return;
    }
    const stream = !trouble.stream && !leaving && endpoint.streams(items.every(({ safe }) => safe));
    const signal = whenNobodyWaits(items);
    const open = new Set(items);
    const failed = new Map();
    const arrived = (entry) => {
      const call = items[entry.id];
      if (open.delete(call) && !call.isOver()) {
        take(call, entry, failed);
      }
    };
    if (!leaving) {
      endpoint.ask();
    }
    const common = commonHeader(items);
    const text = `{"requests":[\n${itemsOf(items, common).join(',\n')}]}`;
    const end = begin(items, stream ? 'stream' : 'envelope');
    let outcome;
    try {
      outcome = await post(endpoint, text, {
        stream,
        trouble,
        header: await endpoint.header(common),
        prefer: 'execution=parallel',
        credentials: items[0].request.credentials,
        signal,
        ...(leaving && { keepalive: true }),
      }, arrived);
    } catch (error) {
      // The page's own function for headers has failed.
      outcome = { own: error };
    }
    end(outcome.broken || outcome.own || outcome.problem);
    const { summary } = outcome;
    failed.forEach((response, call) => {
      answer(call, response, summary && summary.retryable.includes(String(items.indexOf(call))));
    });
    const left = [...open].filter((call) => !call.isOver());
    if (outcome.own) {
      left.forEach((call) => call.reject(outcome.own));
    } else if (outcome.refused !== undefined) {
      refused(left, outcome, text.length);
    } else if (left.length > 0) {
      repeat(left, outcome, trouble, stream);
    } else if (summary) {
      endpoint.learn(trouble);
    }
  }

  /** Takes the answer to an item; one that may be tried again waits in `failed` until the batch says whether. */
  function take(call, entry, failed) {
    const { status, headers, body, cookies } = entry;
    const type = String(Object(body).type);
    if (ONLY_IN_BATCHES.test(type) || (call.safe && (type === 'urn:multistatus:response-too-large' || REDIRECTS.includes(status)))) {
      endpoint.alone.add(call.path);
      alone(call);
    } else if (call.safe && cookies) {
      // Its cookies have come too late for the header of the answer; alone, they have not.
      endpoint.learn({ stream: true });
      alone(call);
    } else if (REDIRECTS.includes(status) && headers.Location) {
      follow(call, status, headers.Location);
    } else {
      hand(call, entry, failed);
    }
  }

  function hand(call, entry, failed) {
    let response;
    try {
      response = responseOf(entry, call.method, call.url);
    } catch (error) {
      call.reject(lost(`The answer to ${call.method} ${call.url} cannot be made a Response`, error));
      return;
    }
    if ((retry || call.lost) && mayPass(entry.status, 1)) {
      failed.set(call, response);
    } else {
      answer(call, response, false);
    }
  }

  /** What has been changed is not changed again: the browser goes on where a redirect leads (Fetch, 4.4). */
  async function follow(call, status, location) {
    const url = new URL(location, call.url);
    const asGet = status === 303 || (status < 303 && call.method === 'POST');
    const headers = new Headers(call.headers.filter(([name]) => !(asGet && /^content-/.test(name))
      && !(name === 'authorization' && url.origin !== endpoint.url.origin)));
    try {
      const response = await endpoint.send(url, {
        method: asGet ? 'GET' : call.method,
        headers,
        body: asGet || !call.bytes.length ? undefined : call.bytes,
        credentials: call.request.credentials,
        signal: call.signal,
      });
      note(call, response.status, false);
      call.resolve(response);
    } catch (error) {
      call.reject(error);
    }
  }

  /** The endpoint, or somebody in front of it, has not let the batch in: nothing has run. */
  function refused(calls, { refused: status, problem, retryAfter }, bytes) {
    const { limits } = endpoint;
    if (status === 413) {
      if (problem.type === 'urn:multistatus:too-many-requests') {
        limits.items = Math.min(problem.limit, calls.length - 1);
      } else {
        limits.bytes = Math.min(problem.limit || bytes, bytes) / 2;
      }
      dispatch(calls);
      return;
    }
    if (![401, 403, 429, 503].includes(status)) {
      endpoint.switchOff();
    }
    calls.forEach(async (call) => {
      if (![429, 503].includes(status) || !await again(call, status, retryAfter)) {
        alone(call);
      }
    });
  }

  /** No answer has come, or none that can be read, and anything may have run. */
  async function repeat(calls, { broken, begun }, trouble, stream) {
    const left = [];
    for (const call of calls) {
      if (await isRepeatable(call)) {
        call.lost = true;
        left.push(call);
      } else {
        call.reject(lost(`No answer to ${call.method} ${call.url}; it may have run`, broken));
      }
    }
    if (begun && stream) {
      send(left, false, { ...trouble, stream: true });
    } else if (!trouble.status) {
      send(left, false, { ...trouble, status: true });
    } else {
      const answered = await Promise.all(left.map((call) => alone(call)));
      if (answered.includes(true)) {
        endpoint.switchOff();
      }
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
