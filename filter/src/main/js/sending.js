import { responseOf } from './answers.js';
import { commonHeader, itemsOf } from './calls.js';
import { lost } from './errors.js';
import { notify } from './events.js';
import { delayBefore, isBusy, mayPass, PATIENT, pause, retryAfterOf } from './retries.js';

/** How often a batch is sent again that was refused for now, if no policy says. */
const REFUSED_TRIES = 3;
/** Credentials that browsers remember for some paths, that of the endpoint not among them. */
const REMEMBERED = /basic|digest|negotiate|ntlm/i;

/** @typedef {import('./calls.js').Call} Call */

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

  /** Hands on an answer, unless its failure may pass and the call can be sent again, as any can that `hasNotRun`. */
  async function answer(call, response, retryable, hasNotRun) {
    const { status } = response;
    const repeated = retryable && await again(call, status, retryAfterOf(response), hasNotRun);
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

  /** Has a call sent again, if the policy and its nature allow it. What was lost before may be running still, which is 409. */
  async function again(call, status, retryAfter, hasNotRun) {
    const policy = call.lost && status === 409 ? PATIENT : hasNotRun ? retry || REFUSED_TRIES : retry;
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
    const { broken, streamed, problem, summary } = outcome;
    end(broken ?? problem);
    failed.forEach((response, call) => answer(call, response, !summary || summary.retryable.includes(`${items.indexOf(call)}`)));
    const left = [...open].filter((call) => !call.isOver());
    if (problem) {
      refused(left, outcome, body.length);
    } else if (left.length) {
      await lostOnTheWay(left, broken, streamed ? 'stream' : 'status', trouble);
    } else if (summary) {
      endpoint.learn(trouble);
    }
  }

  /** Takes the answer to an item; one that is not safe and may be tried again waits in `failed` until the batch says whether. */
  function take(call, entry, failed) {
    try {
      const { status, headers, body, cookies, refused } = entry;
      const leads = /^30[12378]$/.test(status) && headers.Location;
      // What the endpoint has refused has not run, and may by itself; only the endpoint says so, no app can.
      if (refused || (call.safe && (leads || /too-large$/.test(body?.type)))) {
        endpoint.leaveAlone(call.path);
        alone(call);
      } else if (call.safe && cookies) {
        // They have come too late for the header of the answer.
        endpoint.learn({ stream: true });
        alone(call);
      } else if (leads) {
        // What has changed something is not sent again.
        endpoint.load().then((all) => all.follow(endpoint, call, status, leads))
          .then((response) => answer(call, response, false)).catch(call.reject);
      } else {
        const response = responseOf(entry, call.method, call.url);
        const may = mayPass(response);
        if (/:timeout$/.test(body?.type) || (status === 401 && REMEMBERED.test(response.headers.get('WWW-Authenticate')))) {
          byItself(call, response).catch(call.reject);
          return;
        }
        // What the batch says of one that is safe in its `summary.retryable`, and that comes last, is the same.
        if (may && !call.safe && (retry || call.lost)) {
          failed.set(call, response);
        } else {
          answer(call, response, may && call.safe);
        }
      }
    } catch (error) {
      // One that cannot be read is nobody else's fault.
      if (call.safe) {
        alone(call);
      } else {
        call.reject(lost(call.url, error));
      }
    }
  }

  /** What a batch gives no time, or no login, fares better alone: at once if it may be sent again, and for a while. */
  async function byItself(call, response) {
    endpoint.leaveAlone(call.path);
    call.lost = true;
    await (await isRepeatable(call) ? alone(call) : answer(call, response, false));
  }

  /** The endpoint, or somebody in front of it, has not let the batch in: nothing has run, if that is sure. */
  function refused(calls, { status, problem, retryAfter, sure }, length) {
    const eachAlone = () => calls.forEach((call) => {
      if (sure || call.safe || call.keyed) {
        alone(call);
      } else {
        call.reject(lost(call.url));
      }
    });
    if (isBusy(status)) {
      // As if each had been refused.
      const headers = { 'Content-Type': 'application/problem+json', ...(retryAfter && { 'Retry-After': `${retryAfter}` }) };
      const entry = { status, headers, json: JSON.stringify(problem) };
      calls.forEach((call) => answer(call, responseOf(entry, call.method, call.url), true, true));
    } else if (status === 413) {
      endpoint.load().then((all) => all.halve(endpoint, calls, problem, length, dispatch)).catch(eachAlone);
    } else {
      if (![401, 403].includes(status)) {
        endpoint.switchOff();
      }
      eachAlone();
    }
  }

  /** No answer has come, or none that can be read, and anything may have run. */
  async function lostOnTheWay(calls, broken, suspect, trouble) {
    const before = trouble[suspect];
    endpoint.trouble[suspect] = true;
    // What is safe does not wait until it is known whether keys are kept.
    const reached = (await Promise.all([true, false].map(async (which) => {
      const left = await repeatable(calls.filter(({ safe }) => safe === which), broken);
      return before ? Promise.all(left.map((call) => alone(call))) : send(left, false, { ...trouble, [suspect]: true });
    }))).flat();
    if (before && (reached.includes(true) || !reached.length)) {
      endpoint.switchOff();
    } else if (before) {
      endpoint.trust();
    }
  }

  /** Those of lost calls that may be sent again; the others are told. */
  async function repeatable(calls, broken) {
    const may = await Promise.all(calls.map(isRepeatable));
    calls.forEach((call, index) => {
      call.lost = true;
      if (!may[index]) {
        call.reject(lost(call.url, broken));
      }
    });
    return calls.filter((call) => !call.isOver());
  }

  return { send };
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
