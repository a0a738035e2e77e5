import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBatcher } from '../../main/js/batch.js';
import { cutAfter, problem, randomOf, serverOf } from './server.mjs';

const SCENARIOS = 200;

/** What happens to one request, drawn at random. */
function fate(random, next, isBatch) {
  const html = (status) => new Response('<p>', { status, headers: { 'Content-Type': 'text/html' } });
  const after = (then) => next().then(then);
  const fates = [
    () => next(),
    () => next(),
    () => { throw new TypeError('not sent'); },
    () => after(() => { throw new TypeError('lost'); }),
    () => after(() => html(502)),
    () => html(503),
  ];
  const ofBatches = [
    () => after((response) => cutAfter(Math.floor(random() * 4), response)),
    () => after(() => new Response(null, { status: 204 })),
    () => after(() => html(200)),
    () => after(async (response) => new Response((await response.text()).slice(0, -20), response)),
    () => problem(503, 'overloaded', {}, random() < 0.5 ? { 'Retry-After': '0' } : {}),
    ...[302, 401, 403, 404, 405, 413, 429].map((status) => () => html(status)),
  ];
  const all = isBatch ? [...fates, ...ofBatches] : fates;
  return all[Math.floor(random() * all.length)]();
}

async function scenario(seed) {
  const random = randomOf(seed);
  const keys = random() < 0.7;
  const calm = random() * 0.8;
  const effects = new Map();
  const server = serverOf({
    keys,
    limits: random() < 0.3 ? { maxRequests: 3 } : {},
    app: async ({ method, url }) => {
      if (random() < 0.3) {
        await new Promise(setImmediate);
      }
      const status = random() < 0.15 ? [429, 503, 404, 409, 303][Math.floor(random() * 5)] : 200;
      if (method !== 'GET') {
        effects.set(url, (effects.get(url) ?? 0) + 1);
      }
      return new Response(status === 200 ? url : 'failed', { status, headers: status === 303 ? { Location: '/led' } : {} });
    },
    way: (request, next, { path, method }) => (random() < calm ? next() : fate(random, next, method === 'POST' && path.startsWith('/batch'))),
  });
  const idempotency = random() < 0.7;
  const batcher = createBatcher({
    endpoint: server.endpoint, fetch: server.fetch, idempotency,
    retry: { tries: Math.floor(random() * 3), minDelay: 0.1, maxDelay: 1 },
    stream: [true, false, 'auto'][Math.floor(random() * 3)],
  });
  const calls = Array.from({ length: 2 + Math.floor(random() * 8) }, (_, at) => {
    const method = random() < 0.5 ? 'GET' : 'POST';
    const controller = new AbortController();
    if (random() < 0.1) {
      setTimeout(() => controller.abort(new Error('aborted')), random() * 5);
    }
    const url = `/${at}`;
    return { method, url, answer: batcher.fetch(server.url(url), { method, body: method === 'POST' ? 'x' : undefined, signal: controller.signal }) };
  });
  const settled = await Promise.race([
    Promise.allSettled(calls.map(({ answer }) => answer)),
    new Promise((resolve) => setTimeout(resolve, 20000, 'hangs').unref()),
  ]);
  assert.notEqual(settled, 'hangs', `seed ${seed}: a promise does not settle`);
  for (const [at, { status, value, reason }] of settled.entries()) {
    const { url, method } = calls[at];
    const what = `seed ${seed}, ${method} ${url}`;
    if (status === 'rejected') {
      assert.ok(reason instanceof TypeError || reason.message === 'aborted', `${what}: ${reason.stack}`);
    } else if (value.status === 200) {
      const text = await value.text().catch((error) => error.message);
      assert.ok([url, '/led', '<p>', 'aborted'].includes(text), `${what}: ${text}`);
    }
    if (method === 'POST' && !(idempotency && keys)) {
      // Answers that say that nothing was done are tried again only where keys are kept.
      assert.ok((effects.get(url) ?? 0) <= 1, `${what} ran ${effects.get(url)} times`);
    }
  }
  return { seed, server, keyed: idempotency && keys };
}

/** Plays scenarios from a seed on, some of them side by side. */
async function played(first, count) {
  const all = [];
  for (let at = 0; at < count; at += 20) {
    all.push(...await Promise.all(Array.from({ length: 20 }, (_, more) => scenario(first + at + more))));
  }
  return all;
}

test('whatever goes wrong on the way, every promise settles, and what is not safe to repeat runs once', async () => {
  const keyed = (await played(1, SCENARIOS)).filter((one) => one.keyed);

  assert.ok(keyed.length > SCENARIOS / 4);
});

test('whatever goes wrong on the way, what is keyed has its effect once', async () => {
  for (const { seed, server, keyed } of await played(1001, SCENARIOS)) {
    if (keyed) {
      const done = server.ran.filter(({ method, answered }) => method === 'POST' && answered).map(({ url }) => url);
      assert.deepEqual(done, [...new Set(done)], `seed ${seed}`);
    }
  }
});
