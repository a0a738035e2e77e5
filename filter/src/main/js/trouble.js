import { responseOf } from './answers.js';
import { lost } from './errors.js';
import { follow } from './redirects.js';
import { halve, refusalOf } from './refusals.js';
import { isBusy, LONGEST_MILLIS, mayPass } from './retries.js';

/** Credentials that browsers remember for some paths, that of the endpoint not among them. */
const REMEMBERED = /basic|digest|negotiate|ntlm/i;

/** @typedef {import('./sending.js').Sender} Sender */
/** @typedef {import('./calls.js').Call} Call */

/**
 * Sees to an item whose answer may not be that of the same request alone.
 *
 * @param {Sender} sender
 * @param {Call} call
 * @param {any} entry
 * @param {Response} response made of the entry
 */
export async function aside({ endpoint, alone, answer, isRepeatable }, call, { status, cookies, refused, body, headers }, response) {
  const { safe, path } = call;
  const leads = /^30[12378]$/.test(status) && headers.Location;
  if (refused || (safe && (leads || /too-large$/.test(body?.type)))) {
    // What the endpoint has refused has not run, and may by itself; only the endpoint says so, no app can.
    endpoint.leaveAlone(path);
    await alone(call);
  } else if (safe && cookies) {
    // They have come too late for the header of the answer.
    endpoint.learn({ stream: true });
    await alone(call);
  } else if (leads) {
    // What has changed something is not sent again.
    await answer(call, await follow(endpoint, call, status, leads), false);
  } else if (/:timeout$/.test(body?.type) || (status === 401 && mayBeRemembered(call, response))) {
    // What a batch gives no time, or no login, fares better alone. It may run still.
    endpoint.leaveAlone(path);
    call.lost = true;
    await (await isRepeatable(call) ? alone(call) : answer(call, response, false));
  } else {
    await answer(call, response, mayPass(response));
  }
}

/** Whether the browser may know a login for this path that it has not sent along with the batch. */
const mayBeRemembered = ({ request: { credentials, headers } }, response) => credentials !== 'omit' && !headers.has('Authorization')
  && REMEMBERED.test(response.headers.get('WWW-Authenticate'));

/**
 * Sees to calls that have no answer from their batch.
 *
 * @param {Sender} sender
 * @param {Call[]} calls
 * @param {Awaited<ReturnType<import('./endpoint.js').Endpoint['post']>>} outcome of the batch
 * @param {import('./endpoint.js').Endpoint['trouble']} trouble without what it was tried
 * @param {number} length of its body
 */
export async function mend(sender, calls, { other, ...outcome }, trouble, length) {
  const { problem, ...more } = other ? await refusalOf(other).catch((broken) => ({ broken })) : outcome;
  await (problem ? refused(sender, calls, { problem, ...more }, length) : repeat(sender, calls, more, trouble));
}

/** The endpoint, or somebody in front of it, has not let the batch in: nothing has run, if that is sure. */
async function refused({ endpoint, retry, alone, again, answer, isRepeatable, dispatch }, calls, { status, problem, retryAfter, sure }, length) {
  if (isBusy(status)) {
    const { maxDelay = LONGEST_MILLIS } = Object(retry);
    const headers = { 'Content-Type': 'application/problem+json', 'Retry-After': `${retryAfter}` };
    const entry = { status, headers, json: JSON.stringify(problem) };
    calls.forEach(async (call) => {
      if (!await again(call, status, retryAfter, true)) {
        // Who has none of them for long would have none of each, either.
        await (retryAfter * 1000 > maxDelay ? answer(call, responseOf(entry, call.method, call.url), false) : alone(call));
      }
    });
  } else if (status === 413) {
    halve(endpoint, calls, problem, length, dispatch);
  } else {
    if (![401, 403].includes(status)) {
      endpoint.switchOff();
    }
    await Promise.all(calls.map(async (call) => {
      // A key is of no use where nobody keeps it.
      if (sure || await isRepeatable(call)) {
        alone(call);
      } else {
        call.reject(lost(call.url));
      }
    }));
  }
}

/** No answer has come, or none that can be read, and anything may have run. */
async function repeat({ endpoint, alone, isRepeatable, send }, calls, { broken, streamed }, trouble) {
  const suspect = streamed ? 'stream' : 'status';
  const without = trouble[suspect];
  Object.assign(endpoint.trouble, { [suspect]: true, lost: true });
  const next = { ...trouble, [suspect]: true, lost: true, again: true, proven: !trouble.status };
  // What is safe does not wait until it is known whether keys are kept.
  const reached = (await Promise.all([true, false].map(async (which) => {
    const some = calls.filter(({ safe }) => safe === which);
    const may = await Promise.all(some.map(isRepeatable));
    some.forEach((call, index) => {
      call.lost = true;
      if (!may[index]) {
        call.reject(lost(call.url, broken));
      }
    });
    const left = some.filter((call) => !call.isOver());
    // One loss may be chance, and many calls at once are a burden.
    return without && (trouble.again || left.length < 2) ? Promise.all(left.map((call) => alone(call))) : send(left, false, next);
  }))).flat();
  if (without && !reached.includes(undefined)) {
    if (reached.length && !reached.includes(true)) {
      endpoint.trust();
    } else if (trouble.lost) {
      endpoint.switchOff();
    }
  }
}
