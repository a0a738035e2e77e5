// The panel of the bulk import.

import { whileBusy } from './busy.js';
import { batchOf, clear, countOf, newJob, postAgain, postUntilNoneIsLeft, randomId, runAll, tally } from './importing.js';

const number = new Intl.NumberFormat('en');
const byId = (id) => document.getElementById(`import-${id}`);

const form = byId('form');
const verdict = byId('verdict');
const outcome = byId('outcome');
const progress = byId('progress');
const again = byId('again');
const untilNone = byId('until-none');
const remove = byId('delete');

/** What is being imported: its name, how many rows it shall have, its jobs, and when the present round began. */
let current;

form.addEventListener('submit', (event) => {
  event.preventDefault();
  whileBusy(start, report);
});
again.addEventListener('click', () => whileBusy(() => round(() => postAgain(current.jobs, changed)), report));
untilNone.addEventListener('click', () => whileBusy(() => round(() => postUntilNoneIsLeft(current.jobs, changed)), report));
remove.addEventListener('click', () => whileBusy(async () => {
  await clear(current.name);
  current = undefined;
  outcome.hidden = true;
  form.querySelector('button').focus();
  report('The rows are deleted.');
}, report));

async function start() {
  const rows = byId('rows').valueAsNumber;
  const size = byId('size').valueAsNumber;
  const name = `list-${randomId().slice(0, 8)}`;
  const jobs = [];
  for (let first = 1; first <= rows; first += size) {
    const last = Math.min(rows, first + size - 1);
    jobs.push(newJob(batchOf(name, first, last), last - first + 1));
  }
  current = { name, rows, jobs };
  progress.max = rows;
  outcome.hidden = false;
  await round(() => runAll(jobs, changed));
}

/** Does some of the work, then asks the server what has come of it. */
async function round(work) {
  current.begun = performance.now();
  current.answeredBefore = tally(current.jobs).answered;
  byId('count').hidden = true;
  changed();
  report(`Posting to the import “${current.name}”.`);
  try {
    await work();
  } finally {
    changed();
    offerToPostAgain();
  }
  const { rows, distinct } = await countOf(current.name, changed);
  const { failed } = tally(current.jobs);
  byId('expected').textContent = number.format(current.rows);
  byId('counted').textContent = number.format(rows);
  byId('doubles').textContent = number.format(rows - distinct);
  byId('count').hidden = false;
  byId('count').className = rows === current.rows && rows === distinct ? 'ok' : 'short';
  report(sentence(rows, distinct, failed));
}

function sentence(rows, distinct, failed) {
  const is = (count, what) => `${number.format(count)} ${what}${count === 1 ? '' : 's'}`;
  if (failed > 0) {
    return `The server has ${is(rows, 'row')} of ${number.format(current.rows)}. ${is(failed, 'dead letter')} can be posted again.`;
  }
  return rows === current.rows && rows === distinct
    ? `Exact: the server has all ${is(rows, 'row')}, each of them once, and no dead letter is left.`
    : `No dead letter is left, but the server has ${is(rows, 'row')} of ${number.format(current.rows)}, ${number.format(distinct)} of them different.`;
}

/** Shows how the jobs stand; `news`, if there is any, is said besides. */
function changed(news) {
  const { jobs, rows, begun, answeredBefore } = current;
  const { succeeded, failed, answered } = tally(jobs);
  const seconds = (performance.now() - begun) / 1000;
  progress.value = succeeded;
  byId('percent').textContent = `${Math.floor((100 * succeeded) / rows)} %`;
  byId('succeeded').textContent = number.format(succeeded);
  byId('failed').textContent = number.format(failed);
  byId('failed').parentElement.className = failed > 0 ? 'broken' : '';
  byId('remaining').textContent = number.format(rows - succeeded - failed);
  byId('rate').textContent = number.format(Math.round((answered - answeredBefore) / Math.max(seconds, 0.001)));
  byId('jobs').textContent = jobsInWords(jobs);
  if (news) {
    report(news);
  }
}

/** What has nothing to do is disabled; whoever has pressed it finds the verdict in its place. */
function offerToPostAgain() {
  const { failed, unfinished } = tally(current.jobs);
  const nothing = failed === 0 && unfinished === 0;
  if (nothing && [again, untilNone].includes(document.activeElement)) {
    verdict.focus();
  }
  [again, untilNone].forEach((button) => {
    button.disabled = nothing;
  });
}

function jobsInWords(jobs) {
  const states = new Map();
  jobs.forEach(({ status }) => {
    const state = status?.state ?? 'not posted yet';
    states.set(state, (states.get(state) ?? 0) + 1);
  });
  return `${jobs.length} ${jobs.length === 1 ? 'job' : 'jobs'}: ${[...states].map(([state, count]) => `${count} ${state}`).join(', ')}`;
}

function report(text) {
  verdict.textContent = text;
}
