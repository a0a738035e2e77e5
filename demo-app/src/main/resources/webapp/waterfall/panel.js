// The panel of the race: forty calls, each by itself, against the same forty in a batch.

import { whileBusy } from '../common/busy.js';
import { element } from '../common/elements.js';
import { setSignedIn } from '../common/session.js';
import { countOf, millis } from '../common/words.js';
import { resources } from '../resources.js';
import { roomFor } from './axis.js';
import { createChart } from './chart.js';
import { callInWords, factsOf, rowsOfCalls, rowsOfRaces, verdictOf } from './figures.js';
import { openTrack } from './frame.js';

const panel = document.getElementById('race');
const verdict = document.getElementById('verdict');
const details = document.getElementById('race-details');
const delays = document.getElementById('delays');
const calm = matchMedia('(prefers-reduced-motion: reduce)');
const me = resources.findIndex(({ url }) => url === '/api/me');
const PAUSE_MILLIS = 350;
/** How often is enough to look live; more would slow down what is shown. */
const DRAWING_MILLIS = 50;

/** All that has been tried, by round trip: the runs of each lane. */
const races = new Map();
const tracks = new Map();
const lanes = { single: laneOf('single'), batch: laneOf('batch') };
let rtt = 0;

const start = document.getElementById('race-start');
start.addEventListener('click', () => whileBusy(panel, race, report));
// Who comes near the button does not have to wait for it.
['pointerenter', 'focus'].forEach((event) => start.addEventListener(event, () => openTrackOf(rtt).catch(() => {})));
offerDelays();

function laneOf(kind) {
  const root = document.getElementById(`lane-${kind}`);
  const chart = createChart(root.querySelector('svg'), {
    rows: resources.length,
    kind,
    select: (index) => {
      details.textContent = `${callInWords(index, chart.calls[index], kind)}.`;
    },
    label: (index) => callInWords(index, chart.calls[index], kind),
  });
  chart.describe();
  return { root, chart };
}

/** What the demo has delay proxies for, and its own port, which this page may not have come from. */
async function offerDelays() {
  const response = await fetch('/api/delays', { cache: 'no-store' }).catch(() => undefined);
  const { delays: known, port } = response?.ok ? await response.json() : { delays: [], port: location.port };
  // The farthest first: there is the most to see.
  rtt = Math.max(0, ...known.map(({ rttMillis }) => rttMillis));
  delays.append(...[{ rttMillis: 0, port }, ...known].map(choice));
  document.getElementById('no-delays').hidden = known.length > 0;
}

function choice({ rttMillis, port }) {
  const input = element('input');
  Object.assign(input, { type: 'radio', name: 'delay', id: `delay-${rttMillis}`, value: rttMillis, checked: rttMillis === rtt });
  input.addEventListener('change', () => choose(rttMillis));
  tracks.set(rttMillis, { port });
  const label = element('label', '', '', input, element('span', '', rttMillis ? `${rttMillis} ms` : 'none'));
  return label;
}

/** Shows what is known of another delay. */
function choose(value) {
  rtt = value;
  const known = races.get(rtt);
  Object.entries(lanes).forEach(([kind, { chart }]) => {
    const last = known?.[kind].at(-1);
    chart.clear();
    if (last) {
      chart.load(last.calls, last.carrier);
    }
    showFigures(kind);
  });
  if (known?.batch.length) {
    conclude();
  } else {
    report(rtt ? `A round trip of ${rtt} ms: press the button.` : 'No delay but that of your own machine: press the button.');
  }
}

async function race() {
  report('First once unmeasured, so that nobody pays for a cold start …');
  clearLanes();
  // Or what comes now would count for another delay.
  delays.disabled = true;
  try {
    const { run } = await openTrackOf(rtt);
    for (const kind of Object.keys(lanes)) {
      report(kind === 'single' ? 'Forty calls, each by itself …' : 'The same forty, in a batch …');
      await runLane(kind, run);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS));
    }
  } finally {
    delays.disabled = false;
  }
  setSignedIn(lanes.batch.chart.calls[me].status === 200);
  conclude();
}

/** The track for a delay; one that could not be opened is tried again the next time. */
function openTrackOf(delay) {
  const track = tracks.get(delay);
  track.open = track.open ?? openTrack(track.port, document.getElementById('tracks'));
  track.open.catch(() => {
    track.open = undefined;
  });
  return track.open;
}

function clearLanes() {
  Object.values(lanes).forEach(({ root, chart }) => {
    chart.clear();
    root.querySelector('.ms').textContent = '–';
    root.querySelector('.requests').textContent = '';
    root.querySelector('.facts').replaceChildren();
  });
  setLength(roomFor(races.get(rtt)?.single.at(-1).ms ?? 60 + 9 * rtt));
}

function setLength(ms) {
  Object.values(lanes).forEach(({ chart }) => {
    chart.length = ms;
  });
}

async function runLane(kind, run) {
  const { root, chart } = lanes[kind];
  const number = root.querySelector('.ms');
  let begun;
  let running = true;
  let drawn = 0;
  const tick = () => {
    const time = performance.now();
    if (running && begun !== undefined && time - drawn > DRAWING_MILLIS) {
      drawn = time;
      const elapsed = time - begun;
      if (elapsed > chart.length * 0.97) {
        setLength(chart.length * 1.4);
      }
      chart.now(elapsed);
      number.textContent = millis(elapsed);
    }
    if (running) {
      calm.matches ? setTimeout(tick, 250) : requestAnimationFrame(tick);
    }
  };
  root.classList.add('running');
  tick();
  try {
    const figures = await run(kind, (event) => {
      // By the clock of the frame, whose message may have been late.
      begun = begun ?? Math.min(performance.now(), event.since - performance.timeOrigin);
      (event.events ?? [event]).forEach((each) => follow(kind, each));
    });
    settle(kind, figures);
  } finally {
    running = false;
    chart.now(undefined);
    chart.redraw();
    root.classList.remove('running');
  }
}

/** Draws what has happened. */
function follow(kind, event) {
  const { chart } = lanes[kind];
  const { type, index, at } = event;
  if (type === 'begin') {
    resources.forEach((_, each) => chart.set(each, { called: 0 }));
  } else if (type === 'sent' && index !== undefined) {
    chart.set(index, { sent: at });
    chart.carrier = { sent: chart.carrier?.sent ?? at };
  } else if (type === 'answer') {
    chart.set(index, { ended: at, status: event.status, body: event.body });
  } else if (type === 'request' && kind === 'batch') {
    chart.carrier = { sent: event.sent, ended: event.ended };
  } else if (type === 'request' && index !== undefined) {
    // Its end is when the page has it, as in the other lane.
    const { called, connecting, sent, answered } = event;
    chart.set(index, { called, connecting, sent, answered });
  }
}

function settle(kind, figures) {
  const { chart } = lanes[kind];
  const both = races.get(rtt) ?? { single: [], batch: [] };
  races.set(rtt, both);
  both[kind].push({ ...figures, calls: chart.calls.map((call) => ({ ...call })), carrier: chart.carrier });
  chart.describe();
  showFigures(kind);
}

function showFigures(kind) {
  const { root } = lanes[kind];
  const runs = races.get(rtt)?.[kind] ?? [];
  const last = runs.at(-1);
  root.querySelector('.ms').textContent = last ? millis(last.ms) : '–';
  root.querySelector('.requests').textContent = last ? countOf(last.requests, 'request') : '';
  root.querySelector('.facts').replaceChildren(...(last ? factsOf(last, runs) : []).map((fact) => element('li', '', fact)));
}

function conclude() {
  const both = races.get(rtt);
  const single = both.single.at(-1);
  const batch = both.batch.at(-1);
  setLength(roomFor(Math.max(single.ms, batch.ms, batch.carrier?.ended ?? 0)));
  const statuses = batch.calls.map(({ status }) => status);
  const [outcome, rest] = verdictOf(rtt, single, batch, statuses);
  verdict.replaceChildren(element('strong', '', outcome), rest);
  document.querySelector('#race-calls tbody').replaceChildren(...rowsOfCalls(single.calls, batch.calls));
  const summary = document.getElementById('race-summary');
  const rows = rowsOfRaces(races);
  summary.tBodies[0].replaceChildren(...rows);
  summary.hidden = rows.length < 2;
  document.getElementById('race-figures').hidden = false;
}

function report(text) {
  verdict.textContent = text;
}
