// The panel of partial failure: what has failed is sent again by a click, and nothing is done twice.

import { batcher } from '../common/batcher.js';
import { whileBusy } from '../common/busy.js';
import { badge, element, kindOf } from '../common/elements.js';
import { randomId } from '../common/ids.js';
import { onSession, setSignedIn } from '../common/session.js';
import { countOf } from '../common/words.js';
import { outcomeOf, ROWS, twelveCalls } from './calls.js';

const panel = document.getElementById('failures');
const verdict = document.getElementById('failures-verdict');
const list = document.getElementById('failures-calls');
const counts = document.getElementById('failures-count');
const send = document.getElementById('failures-send');
const retry = document.getElementById('failures-retry');
const again = document.getElementById('failures-again');
const REPLAYED = 'Idempotency-Replayed';

/** What is being played: the name of its rows, the key of its batches, how often some were retried, and each call with what it was answered with. */
let current = newRound();
draw();

send.addEventListener('click', () => whileBusy(panel, async () => {
  current = newRound();
  counts.querySelector('tbody').replaceChildren();
  draw();
  await post(current.calls, 'the first batch');
}, report));
retry.addEventListener('click', () => whileBusy(panel, () => post(current.calls.filter(isWorthATry), `retry ${++current.retries}`), report));
again.addEventListener('click', () => whileBusy(panel, () => post(current.calls, 'all of it again'), report));
onSession((signedIn) => {
  const orders = current.calls.find(({ request }) => request.id === 'orders');
  if (signedIn && orders.answers.at(-1)?.status === 401) {
    orders.retryable = true;
    orders.advice = 'signed in since: worth another try';
    draw();
    offer();
  }
});

function newRound() {
  const id = randomId();
  return {
    name: `panel-${id.slice(0, 8)}`,
    key: `"${id}"`,
    retries: 0,
    calls: twelveCalls(`panel-${id.slice(0, 8)}`).map((call) => ({ ...call, answers: [], retryable: false, advice: '' })),
  };
}

const isWorthATry = ({ retryable }) => retryable;

/** Posts some of the calls, all under the key of the first batch: with the same ids these are the same requests. */
async function post(calls, occasion) {
  calls.forEach((call) => {
    call.underWay = true;
  });
  draw();
  try {
    const requests = calls.map(({ request }) => request);
    const { summary, get } = await batcher.batch(requests, { execution: 'parallel', idempotencyKey: current.key });
    calls.forEach((call) => take(call, get(call.request.id), summary));
    report(sentence(calls, summary));
  } finally {
    calls.forEach((call) => {
      call.underWay = false;
    });
    draw();
  }
  offer();
  await count(occasion);
}

function take(call, answer, summary) {
  const { status, response } = answer;
  call.answers.push({ status, given: response.headers.has(REPLAYED), outcome: outcomeOf(call.request.id, answer) });
  call.retryable = summary.retryable.includes(call.request.id);
  const after = response.headers.get('Retry-After');
  call.advice = status < 400 ? '' : call.retryable ? `worth another try${after ? `, after ${after} s` : ''}` : 'final, as it stands';
  if (call.request.id === 'orders') {
    setSignedIn(status === 200);
  }
}

function sentence(calls, { succeeded, failed, retryable }) {
  const given = calls.filter(({ answers }) => answers.at(-1).given).length;
  return [
    calls.length === 1 ? `The one call ${succeeded ? 'succeeded' : 'failed'}.`
      : failed ? `${succeeded} of ${countOf(calls.length, 'call')} succeeded, ${failed} failed.`
        : `${calls.length === 2 ? 'Both' : `All ${calls.length}`} calls succeeded.`,
    replays(given),
    outlook(failed, retryable.length),
  ].filter(Boolean).join(' ');
}

function replays(given) {
  return !given ? ''
    : `${given === 1 ? 'One was done before: its answer is' : `${given} were done before: their answers are`} given again, `
      + 'and nothing runs twice.';
}

/** What may become of the failures. */
function outlook(failed, retryable) {
  return !failed ? ''
    : failed === 1 ? `It ${retryable ? 'may pass when it is sent again' : 'will not pass by itself'}.`
      : !retryable ? 'None of the failures will pass by itself.'
        : retryable === failed ? 'All of the failures may pass when they are sent again.'
          : `${retryable} of the failures may pass when sent again; the rest ${failed - retryable === 1 ? 'is' : 'are'} final.`;
}

function offer() {
  const left = current.calls.filter(isWorthATry).length;
  again.disabled = false;
  if (left === 0 && document.activeElement === retry) {
    again.focus();
  }
  retry.disabled = left === 0;
  retry.textContent = left ? `Retry the ${left === 1 ? 'one' : left} that may pass` : 'Nothing left to retry';
}

function draw() {
  list.replaceChildren(...current.calls.map(({ request, says, answers, advice, underWay }) => {
    const last = answers.at(-1);
    const trail = element('span', 'trail', '', ...answers.flatMap(({ status, given }, index) => {
      const sign = badge(status);
      if (given) {
        sign.append(' again');
        sign.title = 'The answer of before, given again: nothing has run';
      }
      return index ? ['→', sign] : [sign];
    }), ...(underWay ? [element('span', 'badge waiting', '…')] : []));
    return element('li', last && !underWay ? kindOf(last.status) : 'waiting', '',
      element('p', 'call', '', element('code', '', `${request.method} ${request.url}`), element('span', 'says', says)),
      trail,
      element('p', 'outcome', last?.outcome ?? '', element('span', 'advice', advice)));
  }));
}

/** What the server has in the end is what counts. */
async function count(occasion) {
  const response = await batcher.fetch(`/api/imports/${current.name}`, { cache: 'no-store' });
  const { rows, distinct } = await response.json();
  const heading = element('th', '', occasion);
  heading.scope = 'row';
  counts.querySelector('tbody').append(element('tr', '', '', heading,
    element('td', '', `${rows} of ${ROWS}`), element('td', '', String(rows - distinct))));
  counts.hidden = false;
}

function report(text) {
  verdict.textContent = text;
}
