// The console: any batch, written by hand.

import { BatchError } from '../common/batcher.js';
import { whileBusy } from '../common/busy.js';
import { element } from '../common/elements.js';
import { countOf, millis } from '../common/words.js';
import { answerList } from './answers.js';
import { faultIn, offsetOf, placeOf, requestsIn } from './check.js';
import { curlOf } from './curl.js';
import { examples } from './examples.js';
import { history, remember } from './history.js';
import { recordingBatcher, sendAsItIs } from './sending.js';

const byId = (id) => document.getElementById(`console-${id}`);
const panel = document.getElementById('console');
const form = byId('form');
const text = byId('text');
const verdict = byId('verdict');
const example = byId('example');
const progress = byId('progress');
const endpoint = new URL('/batch', location.href).href;
const PLACE = /\(line (\d+), column (\d+)\)/;
const CHECK_MILLIS = 250;
const COPIED_MILLIS = 2000;
const FEWEST_LINES = 8;
const MOST_LINES = 24;
let job;
let checking;
let copied;

example.append(...examples.map(({ name }, index) => new Option(name, index)));
example.addEventListener('change', () => open({ ...examples[example.value], options: examples[example.value] }));
text.addEventListener('input', () => {
  clearTimeout(checking);
  checking = setTimeout(check, CHECK_MILLIS);
});
form.addEventListener('submit', (event) => {
  event.preventDefault();
  whileBusy(panel, send, report);
});
form.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});
byId('format').addEventListener('click', tidy);
byId('curl').addEventListener('click', copyAsCurl);
byId('cancel').addEventListener('click', () => job?.cancel().catch((error) => report(error.message)));
open({ ...examples[0], options: {} });
showHistory();

function options() {
  return { execution: byId('execution').value, answer: byId('answer').value, goOn: byId('continue').checked };
}

/** Puts a batch into the box, with the options that belong to it. */
function open({ text: batch, options: { execution = '', answer = 'stream', goOn = true } }) {
  text.value = batch;
  text.rows = Math.min(MOST_LINES, Math.max(FEWEST_LINES, batch.split('\n').length + 1));
  byId('execution').value = execution;
  byId('answer').value = answer;
  byId('continue').checked = goOn;
  check();
}

function check() {
  const place = byId('check');
  const fault = faultIn(text.value);
  text.setAttribute('aria-invalid', String(Boolean(fault)));
  place.className = `check ${fault ? 'broken' : ''}`;
  if (fault) {
    const { line, column } = placeOf(text.value, fault.offset);
    place.replaceChildren(`No JSON: ${fault.expected} was expected at `, goTo(line, column), '.');
  } else {
    const requests = requestsIn(text.value);
    place.textContent = requests
      ? `JSON, with ${countOf(requests.length, 'item')}.`
      : 'JSON, but no batch: that is an object with an array “requests” of objects.';
  }
}

/** A button that leads to a place in the text. */
function goTo(line, column) {
  const button = element('button', 'link', `line ${line}, column ${column}`);
  button.type = 'button';
  button.addEventListener('click', () => {
    const offset = offsetOf(text.value, line, column);
    text.focus();
    text.setSelectionRange(offset, Math.min(text.value.length, offset + 1));
  });
  return button;
}

function tidy() {
  const requests = requestsIn(text.value);
  if (requests) {
    text.value = `{"requests": [\n${requests.map((request) => `  ${JSON.stringify(request)}`).join(',\n')}\n]}`;
  }
  check();
}

async function send() {
  const entry = { text: text.value, options: options(), at: Date.now(), outcome: 'no answer' };
  report('Sent …');
  // Already now: the page may be left before it is over.
  remember(entry);
  showHistory();
  try {
    await post(entry);
  } catch (error) {
    if (!(error instanceof BatchError)) {
      throw error;
    }
    refused(error);
    entry.outcome = `refused: ${error.status}`;
    await showRaw(error.record);
  } finally {
    remember(entry);
    showHistory();
  }
}

async function post(entry) {
  const requests = requestsIn(entry.text);
  if (!requests) {
    byId('answers').replaceChildren();
    await showRaw(await sendAsItIs(entry.text));
    return;
  }
  const { execution, answer, goOn } = entry.options;
  const { batcher, record } = recordingBatcher(entry.text);
  const list = answerList(byId('answers'), requests);
  const how = { execution: execution || undefined, continueOnError: goOn ? undefined : false };
  byId('outcome').hidden = false;
  const begun = performance.now();
  try {
    if (answer === 'job') {
      follow(await batcher.job(requests, { ...how, onProgress }));
      entry.job = job.location;
      remember(entry);
      entry.outcome = await finish(list, performance.now() - begun);
    } else {
      const { summary } = await batcher.batch(requests, {
        ...how,
        stream: answer === 'stream',
        onItem: (each) => list.show(each, performance.now() - begun),
      });
      entry.outcome = conclude(summary, performance.now() - begun);
    }
  } catch (error) {
    throw Object.assign(error, { record });
  }
  await showRaw(record);
}

function follow(posted) {
  job = posted;
  byId('job').hidden = false;
  onProgress(job.status ?? { total: 1, completed: 0, state: 'queued' });
}

function onProgress({ total, completed, state }) {
  progress.max = total;
  progress.value = completed;
  report(`The job is ${state}: ${completed} of ${countOf(total, 'item')} answered.`);
}

/** Waits for the job, then shows what it has brought. */
async function finish(list, millisSoFar) {
  const begun = performance.now();
  try {
    const { responses, summary } = await job.result();
    responses.forEach((each) => list.show(each));
    return conclude(summary, millisSoFar + performance.now() - begun);
  } finally {
    byId('job').hidden = true;
  }
}

function conclude({ total, succeeded, retryable }, ms) {
  report(`${succeeded} of ${countOf(total, 'item')} succeeded, after ${millis(ms)} ms.`
    + (retryable.length ? ` Worth another try: ${retryable.join(', ')}.` : ''));
  return `${succeeded} of ${total}`;
}

function refused({ status, problem, message }) {
  const [, line, column] = PLACE.exec(problem.detail ?? '') ?? [];
  byId('answers').replaceChildren();
  verdict.replaceChildren(element('strong', '', `Refused, ${status}: ${problem.title ?? ''} `), problem.detail ?? message,
    ...(line ? [' Go to ', goTo(Number(line), Number(column)), '.'] : []), ' Nothing of it has run.');
}

async function showRaw(record) {
  byId('outcome').hidden = false;
  byId('raw').hidden = !record;
  byId('raw').querySelector('pre').textContent = record ? await record.raw : '';
}

async function copyAsCurl() {
  const command = curlOf(endpoint, text.value, options());
  const box = byId('as-curl');
  box.querySelector('pre').textContent = command;
  box.hidden = false;
  box.open = true;
  try {
    await navigator.clipboard.writeText(command);
    sayCopied('Copied', 'Copied, without cookies. The command is below, too.');
  } catch {
    getSelection().selectAllChildren(box.querySelector('pre'));
    sayCopied('Selected below', 'The browser does not let the page copy; the command is selected below.');
  }
}

/** On the button and, for who does not see it, in a place of its own: the verdict is that of the batch. */
function sayCopied(short, words) {
  const button = byId('curl');
  button.textContent = short;
  byId('copied').textContent = words;
  clearTimeout(copied);
  copied = setTimeout(() => {
    button.textContent = 'Copy as curl';
    byId('copied').textContent = '';
  }, COPIED_MILLIS);
}

function showHistory() {
  const entries = history();
  byId('history').hidden = entries.length === 0;
  byId('history').querySelector('ol').replaceChildren(...entries.map((entry) => {
    const { text: batch, at, outcome, options: { answer, execution } } = entry;
    const button = element('button', 'quiet small', `${new Date(at).toLocaleTimeString()} · ${outcome}`);
    button.type = 'button';
    button.addEventListener('click', () => reopen(entry));
    return element('li', '', '', button, element('small', '', [execution, answer].filter(Boolean).join(', ')),
      element('code', '', batch.replace(/\s+/g, ' ').slice(0, 160)));
  }));
}

/** Back in the box; what has become of a job is asked for. */
function reopen(entry) {
  open(entry);
  text.focus();
  report(`As it was sent at ${new Date(entry.at).toLocaleTimeString()}.`);
  if (entry.job) {
    whileBusy(panel, async () => {
      const { batcher, record } = recordingBatcher(entry.text);
      const list = answerList(byId('answers'), requestsIn(entry.text));
      byId('outcome').hidden = false;
      follow(await batcher.openJob(entry.job, { onProgress }));
      entry.outcome = await finish(list, 0);
      remember(entry);
      showHistory();
      await showRaw(record);
    }, report);
  }
}

function report(words) {
  verdict.textContent = words;
}
