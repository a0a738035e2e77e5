import { whileBusy } from './busy.js';
import { element } from './elements.js';
import { loadInOneBatch, loadSingly } from './loading.js';
import { resources } from './resources.js';
import { setSignedIn, toggleLogin } from './session.js';

const tileList = document.getElementById('tiles');
const verdict = document.getElementById('verdict');
const lanes = {
  single: { root: document.getElementById('lane-single'), runs: [], load: loadSingly, name: '30 requests' },
  batch: { root: document.getElementById('lane-batch'), runs: [], load: loadInOneBatch, name: 'One batch' },
};
const me = resources.findIndex((resource) => resource.url === '/api/me');

const tiles = resources.map((resource) => {
  const tile = element('li', 'tile');
  tile.append(
    element('h3', '', resource.title),
    element('span', 'status', ''),
    element('p', 'value', ' '),
    element('p', 'note', ' '),
    element('code', '', resource.url),
  );
  tileList.append(tile);
  return tile;
});

document.getElementById('load-single').addEventListener('click', () => run(lanes.single));
document.getElementById('load-batch').addEventListener('click', () => run(lanes.batch));
toggleLogin(document.getElementById('login'), (signedIn) => {
  report(signedIn
    ? 'Signed in: load again, and your account and your orders answer.'
    : 'Signed out: load again, and your account and your orders refuse.');
}, report);

async function run(lane) {
  const statuses = [];
  tiles.forEach(clear);
  await whileBusy(async () => {
    const result = await lane.load(resources, (index, status, body) => {
      statuses[index] = status;
      show(index, status, body);
    });
    lane.runs.push(result);
    setSignedIn(statuses[me] === 200);
    compare();
    report(sentence(lane, result, statuses));
  }, report);
}

function show(index, status, body) {
  const tile = tiles[index];
  const ok = status < 400;
  const [value, note] = ok ? resources[index].words(body) : [body?.title ?? 'Failed', body?.detail ?? ''];
  tile.className = `tile ${ok ? 'ok' : status < 500 ? 'refused' : 'broken'}`;
  tile.querySelector('.status').textContent = `${ok ? '✓' : '✕'} ${status}`;
  tile.querySelector('.value').textContent = value;
  tile.querySelector('.note').textContent = note;
  tile.querySelector('.note').title = note;
}

function clear(tile) {
  tile.className = 'tile waiting';
  tile.querySelector('.status').textContent = '';
}

function compare() {
  const slowest = Math.max(...Object.values(lanes).map((lane) => lane.runs.at(-1)?.ms ?? 0));
  for (const { root, runs } of Object.values(lanes)) {
    const last = runs.at(-1);
    if (last) {
      root.querySelector('.bar').style.width = `${Math.max(1, (100 * last.ms) / slowest)}%`;
      root.querySelector('.ms').textContent = number(last.ms);
      root.querySelector('.facts').textContent = facts(last, runs);
    }
  }
}

function facts(last, runs) {
  const best = Math.min(...runs.map((each) => each.ms));
  const requests = `${last.requests} ${last.requests === 1 ? 'request' : 'requests'}`;
  const bytes = last.bytes ? ` · ${(last.bytes / 1000).toFixed(1)} kB received` : '';
  return requests + bytes + (runs.length > 1 ? ` · best of ${runs.length}: ${number(best)} ms` : '');
}

function sentence(lane, result, statuses) {
  const failed = statuses.filter((status) => status >= 400).length;
  const outcome = `${lane.name}: ${statuses.length - failed} answers and ${failed} ${failed === 1 ? 'failure' : 'failures'} in ${number(result.ms)} ms.`;
  const single = lanes.single.runs.at(-1);
  const batch = lanes.batch.runs.at(-1);
  if (!single || !batch) {
    return `${outcome} Now press the other button.`;
  }
  const factor = single.ms / batch.ms;
  return factor >= 1.05 ? `${outcome} The batch was ${factor.toFixed(1)} times as fast.`
    : factor <= 0.95 ? `${outcome} The batch was slower this time.`
      : `${outcome} No difference this time.`;
}

function report(text) {
  verdict.textContent = text;
}

function number(ms) {
  return ms < 10 ? ms.toFixed(1) : ms.toFixed(0);
}
