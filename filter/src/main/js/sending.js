import { responseOf } from './answers.js';
import { commonHeader, itemsOf } from './calls.js';
import { lost } from './errors.js';
import { notify } from './events.js';
import { delayBefore, mayPass, NOT_RUN, PATIENT, pause, retryAfterOf } from './retries.js';

/** How often a batch is sent again that was refused for now, if no policy says. */
const REFUSED_TRIES = 3;

/**
 * @typedef {import('./calls.js').Call} Call
 * @typedef {ReturnType<typeof senderOf>} Sender what sees to trouble has from here
 */

/**
 * Sends calls, alone and as batches, and sees to it that each has its answer in the end.
 *
 * @param {import('./endpoint.js').Endpoint} endpoint
 * @param {import('./batch.d.ts').BatcherOptions} options
 * @param {(call: Call) => void} enqueue takes a call that is to be sent again
 * @param {(calls: Call[]) => void} dispatch takes calls that are to be sent again at once
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
    const dice = Math.random();
    calls.forEach((call) => {
      call.dice = dice;
      Object.assign(call.told, { request, sentAt });
    });
    return (error) => tell('end', error);
  }

  /** One request for one call, whatever it takes. Whether the app was reached. */
  async function alone(call, keepalive = false) {
    if (call.isOver()) {
      return false;
    }
    const end = begin([call], 'single');
    let response;
    try {
      response = await endpoint.send(call.request.clone(), { signal: call.bound(), keepalive });
    } catch (error) {
      end(error);
      call.lost = true;
      if (!await again(call, 0)) {
        call.reject(error);
      }
      return false;
    }
    end();
    await answer(call, response, mayPass(response));
    return !/^50[234]$/.test(response.status);
  }

  /** Hands on an answer, unless its failure may pass and the call can be sent again. */
  async function answer(call, response, retryable) {
    const { status } = response;
    const repeated = retryable && await again(call, status, retryAfterOf(response));
    if (!call.isOver()) {
      notify(onItem, { ...call.told, status, attempt: call.attempt, again: repeated, answeredAt: performance.now() });
      if (!repeated) {
        call.resolve(response);
        return;
      }
    }
    // Nobody reads it, and it need not hold a connection.
    response.body?.cancel().catch(() => {});
  }

  /**
   * Has a call sent again, if the policy and its nature allow it, as that of any does that `hasNotRun`. What was lost before may be
   * running still, which is 409.
   */
  async function again(call, status, retryAfter, hasNotRun) {
    const policy = call.lost && status === 409 ? PATIENT : retry || (hasNotRun && REFUSED_TRIES);
    const delay = delayBefore(policy, call.attempt, retryAfter, call.dice);
    if (delay === undefined || !(hasNotRun || await isRepeatable(call)) || call.isOver()) {
      return false;
    }
    pause(delay, call.signal).then(() => {
      call.attempt++;
      enqueue(call);
    }, () => {});
    return true;
  }

  const isRepeatable = async ({ safe, keyed, path }) => safe || (keyed && endpoint.keepsKeys(path));

  /** One request for several calls; `keepalive` if the page is being left. */
  function send(calls, keepalive = false, trouble = { ...endpoint.trouble }) {
    const items = calls.filter((call) => !call.isOver());
    if (items.length < 2) {
      items.forEach((call) => alone(call, keepalive));
    } else {
      // Whatever goes wrong, somebody waits.
      sendBatch(items, keepalive, trouble).catch((error) => items.forEach((call) => call.reject(error)));
    }
  }

  async function sendBatch(items, keepalive, trouble) {
    const stream = !trouble.stream && !keepalive && (streams === 'auto' ? items.every(({ safe }) => safe) : streams);
    const open = new Set(items);
    const failed = new Map();
    const arrived = (entry) => {
      const call = items[entry.id];
      if (open.delete(call) && !call.isOver()) {
        take(call, entry, failed);
      }
    };
    const signal = whenNobodyWaits(items);
    const common = commonHeader(items);
    const body = `{"requests":[\n${itemsOf(items, common).join(',\n')}]}`;
    const headers = await endpoint.header([...common, ['Prefer', 'execution=parallel']]);
    const end = begin(items, stream ? 'stream' : 'envelope');
    const sent = endpoint.post({ stream, trouble, headers, body, credentials: items[0].request.credentials, signal, keepalive }, arrived);
    if (!keepalive) {
      endpoint.introduce();
    }
    const outcome = await sent;
    const { broken, other, summary } = outcome;
    end(broken ?? (other && `${other.status}`));
    failed.forEach((response, call) => answer(call, response, !summary || summary.retryable.includes(`${items.indexOf(call)}`)));
    const left = [...open].filter((call) => !call.isOver());
    if (left.length) {
      const mend = await endpoint.load().then((all) => all.mend, () => simply);
      await mend(sender, left, outcome, trouble, body.length);
    } else if (summary) {
      endpoint.learn(trouble);
    }
  }

  /** Takes the answer to an item; one that is not safe and may be tried again waits in `failed` until the batch says whether. */
  function take(call, entry, failed) {
    const { status, cookies, refused, headers, body } = entry;
    const { safe } = call;
    try {
      const response = responseOf(entry, call.method, call.url);
      const may = mayPass(response);
      if (refused || cookies || status === 401 || (/^30[12378]$/.test(status) && headers.Location)
        || /too-large$|:timeout$/.test(body?.type)) {
        endpoint.load().then((all) => all.aside(sender, call, entry, response), () => (
          refused || safe ? alone(call) : answer(call, response, false))).catch(call.reject);
      } else if (may && !safe && (retry || call.lost)) {
        // What the batch says of one that is safe in its `summary.retryable`, and that comes last, is the same.
        failed.set(call, response);
      } else {
        answer(call, response, may && safe);
      }
    } catch (error) {
      // One that cannot be read is nobody else's fault.
      if (safe) {
        alone(call);
      } else {
        call.reject(lost(call.url, error));
      }
    }
  }

  /** What becomes of calls without an answer where what mends it cannot be loaded. */
  const simply = (_, calls, { broken, other }) => calls.forEach(async (call) => {
    call.lost = true;
    if (NOT_RUN.test(other?.status) || await isRepeatable(call)) {
      alone(call);
    } else {
      call.reject(lost(call.url, broken));
    }
  });

  const sender = { endpoint, retry, alone, again, answer, isRepeatable, send, dispatch };
  return sender;
}

/** Aborts when none of the calls is waited for any more. */
function whenNobodyWaits(calls) {
  const controller = new AbortController();
  calls.forEach(({ signal }) => signal.addEventListener('abort', () => {
    if (calls.every((call) => call.isOver())) {
      controller.abort();
    }
  }));
  return controller.signal;
}
