// The page in a frame in which the race is run. It comes from the port whose delay it has to bear, so that its calls go to
// their own origin, and tells the page around it, which may come from another port of the same host, how it goes on.

import { createBatcher } from '../multistatus/batch.js';
import { resources } from '../resources.js';
import { watchRequests } from './timing.js';

const page = pageAround();
const indexes = new Map(resources.map(({ url }, index) => [new URL(url, location.href).href, index]));
const fresh = { cache: 'no-store' };
const TELLING_MILLIS = 50;
/** What has happened and has not been told yet: telling, and what the page does then, takes time from what is measured. */
let news = [];
let telling;
let begun = 0;
let sent = 0;

const batcher = createBatcher({
  onItem: ({ url, sentAt }) => note({ type: 'sent', index: indexes.get(new URL(url, location.href).href), at: sentAt - begun }),
  fetch: (input, init) => {
    sent += new Blob([init?.body ?? '']).size;
    return fetch(input, init);
  },
});

/** All that the two have to do with each other: the one is `fetch`, the other is `fetch`, batched. */
const lanes = {
  single: (url) => fetch(url, fresh),
  batch: (url) => batcher.fetch(url, fresh),
};

addEventListener('message', async ({ origin, source, data }) => {
  if (origin !== page || source !== parent) {
    return;
  }
  try {
    await (data.type === 'warm' ? warmUp() : run(data.lane));
  } catch (error) {
    clearInterval(telling);
    post({ type: 'failed', message: error.message });
  }
});
post({ type: 'ready' });

/** Unmeasured, so that nobody pays for connections and classes that are not there yet. */
async function warmUp() {
  await Promise.all(resources.map(async ({ url }) => (await lanes.batch(url)).text()));
  // Of those that cannot fail: browsers report failures in red, and nobody has pressed a button yet.
  const safe = resources.filter(({ url }) => url.startsWith('/api/products?') || url.endsWith('/stock'));
  await Promise.all(safe.slice(0, 12).map(async ({ url }) => (await lanes.single(url)).text()));
  news = [];
  post({ type: 'warm' });
}

async function run(lane) {
  const call = lanes[lane];
  begun = performance.now();
  sent = 0;
  const requests = watchRequests(begun, (request) => note({ type: 'request', index: indexes.get(request.url), ...request }));
  post({ type: 'begin', lane, since: performance.timeOrigin + begun });
  telling = setInterval(tell, TELLING_MILLIS);
  await Promise.all(resources.map(async ({ url }, index) => {
    const response = await call(url);
    const text = await response.text();
    const body = text ? JSON.parse(text) : null;
    note({ type: 'answer', index, status: response.status, body, at: performance.now() - begun });
  }));
  const ms = performance.now() - begun;
  const sum = await requests.sum(lane === 'single' ? resources.length : 1);
  clearInterval(telling);
  tell();
  post({ type: 'end', ms, sent, ...sum });
}

function note(event) {
  news.push(event);
}

function tell() {
  post({ type: 'news', events: news });
  news = [];
}

function post(message) {
  parent.postMessage(message, page);
}

/** The origin of the page that has put this one into a frame; only one of the same host is told anything. */
function pageAround() {
  const { origin, hostname } = new URL(decodeURIComponent(location.hash.slice(1)) || location.href);
  return hostname === location.hostname ? origin : location.origin;
}
