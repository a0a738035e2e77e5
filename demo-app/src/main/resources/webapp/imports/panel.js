// The panel of the bulk import.

import { whileBusy } from '../common/busy.js';
import { element } from '../common/elements.js';
import { clear, countOf, goOn, newImport, onTrouble, postAgain, postUntilNoneIsLeft, tally } from './importing.js';
import { keep, kept } from './keeping.js';

const MOST_BARS = 60;
const KEEP_MILLIS = 500;
const number = new Intl.NumberFormat('en');
const byId = (id) => document.getElementById(`import-${id}`);

const panel = document.getElementById('import');
const form = byId('form');
const verdict = byId('verdict');
const outcome = byId('outcome');
const progress = byId('progress');
const again = byId('again');
const untilNone = byId('until-none');
const remove = byId('delete');

/** What is being imported: its name, how many rows it shall have, its jobs, and when the present round began. */
let current = kept();
let keptAt = 0;
let keptJobs = 0;

form.addEventListener('submit', (event) => {
  event.preventDefault();
  whileBusy(panel, () => begin(newImport(byId('rows').valueAsNumber, byId('size').valueAsNumber)), report);
});
again.addEventListener('click', () => whileBusy(panel, () => round(() => postAgain(current, changed)), report));
untilNone.addEventListener('click', () => whileBusy(panel, () => round(() => postUntilNoneIsLeft(current, changed)), report));
remove.addEventListener('click', () => whileBusy(panel, async () => {
  await clear(current.name);
  current = undefined;
  keep(current);
  outcome.hidden = true;
  form.querySelector('button').focus();
  report('The rows are deleted.');
}, report));
onTrouble(report);
if (current) {
  byId('rows').value = current.rows;
  byId('size').value = current.jobs[0].total;
  whileBusy(panel, () => begin(current), report);
}

async function begin(anImport) {
  current = anImport;
  progress.max = current.rows;
  outcome.hidden = false;
  await round(() => goOn(current, changed));
}

/** Does some of the work, then asks the server what has come of it. */
async function round(work) {
  current.begun = performance.now();
  current.answeredBefore = tally(current.jobs).answered;
  // Not taken away meanwhile, or the page would jump.
  byId('expected').textContent = number.format(current.rows);
  byId('counted').textContent = '–';
  byId('doubles').textContent = '–';
  byId('count').className = '';
  changed();
  report(`At the import “${current.name}” …`);
  try {
    await work();
  } finally {
    changed();
    keep(current);
    offerToPostAgain();
  }
  const { rows, distinct } = await countOf(current.name);
  const { failed } = tally(current.jobs);
  byId('counted').textContent = number.format(rows);
  byId('doubles').textContent = number.format(rows - distinct);
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
    : `No dead letter is left, but the server has ${is(rows, 'row')} of ${number.format(current.rows)}, `
      + `${number.format(distinct)} of them different.`;
}

/** Shows how the jobs stand, and keeps it. */
function changed() {
  const { jobs, rows, begun, answeredBefore } = current;
  const { succeeded, failed, answered } = tally(jobs);
  const seconds = (performance.now() - begun) / 1000;
  progress.value = succeeded;
  byId('percent').textContent = `${Math.floor((100 * succeeded) / rows)} %`;
  byId('succeeded').textContent = number.format(succeeded);
  byId('failed').textContent = number.format(failed);
  byId('failed').parentElement.className = failed > 0 ? 'broken' : '';
  byId('remaining').textContent = number.format(rows - succeeded - failed);
  const news = answered - answeredBefore;
  byId('rate').textContent = news > 0 ? number.format(Math.round(news / seconds)) : '–';
  byId('jobs').textContent = jobsInWords(jobs);
  drawBars(jobs);
  const posted = jobs.filter(({ location }) => location).length;
  if (posted !== keptJobs || performance.now() - keptAt > KEEP_MILLIS) {
    keptJobs = posted;
    keptAt = performance.now();
    keep(current);
  }
}

/** A small bar for each job, as long as there are not too many. */
function drawBars(jobs) {
  const list = byId('bars');
  const shown = jobs.length <= MOST_BARS ? jobs : [];
  while (list.children.length > shown.length) {
    list.lastChild.remove();
  }
  shown.forEach(({ status, total, of, postedAgain }, index) => {
    const [bar, words] = (list.children[index] ?? newBar(list)).children;
    const state = status?.state ?? 'waiting';
    bar.max = total;
    bar.value = status?.succeeded ?? 0;
    bar.ariaLabel = `Job ${index + 1}`;
    const failed = status?.failed ? `, ${status.failed} ${postedAgain ? 'posted again' : 'failed'}` : '';
    words.textContent = `${of === undefined ? '' : '↻ '}${state}${failed}`;
    words.className = failed && !postedAgain ? 'broken' : '';
  });
}

function newBar(list) {
  const item = element('li', '', '', element('progress'), element('span'));
  list.append(item);
  return item;
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
