import assert from 'node:assert/strict';
import test from 'node:test';
import { rowsOf, newImport, visit } from './site.mjs';

/** What the shop says of imports that nobody has made. */
const none = (names) => names.map((name) => `200 {"name":"${name}","rows":0,"distinct":0}`);

const names = (count) => Array.from({ length: count }, (_, index) => `none-${index}`);

const getAll = (all) => settle(all.map((name) => batcher.fetch(`/api/imports/${name}`)));

test('a single call goes alone, without a batch', async (t) => {
  const { proxy, run } = await visit(t);

  assert.deepEqual(await run(getAll, names(1)), none(names(1)));

  assert.equal(proxy.batches().length, 0);
  assert.equal(proxy.singles('/api/').length, 1);
});

test('thirty calls of one tick are one POST', async (t) => {
  const { proxy, page, run } = await visit(t);
  const requested = [];
  page.on('request', (request) => requested.push(`${request.method()} ${new URL(request.url()).pathname}`));

  assert.deepEqual(await run(getAll, names(30)), none(names(30)));

  assert.deepEqual(requested.filter((request) => request !== 'GET /batch'), ['POST /batch']);
  assert.deepEqual(proxy.batches().map(({ items }) => items.length), [30]);
  assert.equal(proxy.singles('/api/').length, 0);
});

test('calls of the same tick in different microtasks go together, those of a later one do not', async (t) => {
  const { proxy, run } = await visit(t);

  await run(async () => {
    const calls = [batcher.fetch('/api/imports/a'), Promise.resolve().then(() => batcher.fetch('/api/imports/b'))];
    await new Promise((resolve) => setTimeout(resolve, 50));
    await Promise.all([...calls, batcher.fetch('/api/imports/c'), batcher.fetch('/api/imports/d')]);
  });

  assert.deepEqual(proxy.batches().map(({ items }) => items.map(({ url }) => url.slice(-1)).join('')), ['ab', 'cd']);
});

test('maxWait collects calls of several ticks, and flush ends the wait', async (t) => {
  const { proxy, run } = await visit(t, { maxWait: 60_000 });

  await run(async () => {
    const calls = [];
    for (let index = 0; index < 3; index += 1) {
      calls.push(batcher.fetch(`/api/imports/n-${index}`));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    batcher.flush();
    await Promise.all(calls);
  });

  assert.deepEqual(proxy.batches().map(({ items }) => items.length), [3]);
});

for (const limit of [100, 7]) {
  test(`five hundred calls go in batches of ${limit} if the server takes no more, each answered in its place`, async (t) => {
    const { proxy, run } = await visit(t, {}, serverThatTakes(limit));

    assert.deepEqual(await run(getAll, names(500)), none(names(500)));

    const taken = proxy.batches().filter(({ answered }) => answered);
    const singles = proxy.singles('/api/').length;
    assert.equal(taken.reduce((sum, { items }) => sum + items.length, singles), 500);
    assert.ok(taken.length >= (500 - singles) / limit, `${taken.length} batches`);
    assert.ok(proxy.log.filter(({ method, path }) => method === 'GET' && path === '/batch').length <= 1);
    // A batch that was refused is halved, and of a half one may be left over.
    assert.ok(limit === 100 ? singles === 0 : singles <= 10, `${singles} calls went alone`);
  });
}

test('posts that are refused because there are too many of them run once each', async (t) => {
  const { run } = await visit(t, {}, serverThatTakes(4));
  const name = newImport();

  const answers = await run(async (into) => settle(Array.from({ length: 10 }, (_, index) =>
    batcher.fetch(`/api/imports/${into}/rows`, json({ number: index + 1, sku: 'S', priceCents: 1 })))), name);

  assert.deepEqual(answers.map((answer) => answer.slice(0, 3)), Array(10).fill('201'));
  assert.deepEqual(await rowsOf(name), { rows: 10, distinct: 10 });
});

/** The demo takes a thousand; this makes it look as if it took fewer. */
function serverThatTakes(limit) {
  return {
    request({ method, path, body }, response) {
      if (method !== 'POST' || path !== '/batch' || JSON.parse(body).requests.length <= limit) {
        return false;
      }
      response.writeHead(413, { 'Content-Type': 'application/problem+json' }).end(JSON.stringify({
        type: 'urn:multistatus:too-many-requests', title: 'Too many requests in the batch', status: 413, limit,
      }));
      return true;
    },
    answer({ method, path }, response, body) {
      if (method !== 'GET' || path !== '/batch') {
        return false;
      }
      const said = JSON.parse(body);
      said.limits.maxRequests = limit;
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(said));
      return true;
    },
  };
}

test('maxItems and maxBytes split batches further', async (t) => {
  const { proxy, run } = await visit(t, { maxItems: 4 });

  assert.deepEqual(await run(getAll, names(10)), none(names(10)));
  assert.deepEqual(proxy.batches().map(({ items }) => items.length).sort(), [2, 4, 4]);

  proxy.forget();
  await run(async () => {
    globalThis.batcher = createBatcher({ maxBytes: 2000 });
  });
  assert.deepEqual(await run(getAll, names(40)), none(names(40)));
  assert.ok(proxy.batches().length > 1);
  for (const { body } of proxy.batches()) {
    assert.ok(body.length <= 2000, `a batch of ${body.length} bytes`);
  }
});

test('a call that is not to be batched goes alone, and the others without it', async (t) => {
  const { proxy, run } = await visit(t);

  const answers = await run(() => settle([
    batcher.fetch('/api/imports/a'),
    batcher.fetch('/api/imports/b', { batch: false }),
    batcher.fetch('/api/imports/c', { keepalive: true }),
    batcher.fetch('/api/imports/d'),
  ]));

  assert.deepEqual(answers, none(['a', 'b', 'c', 'd']));
  assert.deepEqual(proxy.batches().map(({ items }) => items.map(({ url }) => url)), [['/api/imports/a', '/api/imports/d']]);
  assert.deepEqual(proxy.singles('/api/').map(({ url }) => url).sort(), ['/api/imports/b', '/api/imports/c']);
});

test('ten identical GETs are one item, and each caller has a response of its own', async (t) => {
  const { proxy, run } = await visit(t);

  const answers = await run(() => settle([
    ...Array.from({ length: 10 }, () => batcher.fetch('/api/products/1')),
    batcher.fetch('/api/products/1', { headers: { Accept: 'application/json' } }),
    batcher.fetch('/api/products/2'),
  ]));

  assert.equal(new Set(answers.slice(0, 10)).size, 1);
  assert.match(answers[0], /^200 {"id":1,/);
  assert.equal(answers[10], answers[0]);
  assert.deepEqual(proxy.batches().map(({ items }) => items.map(({ url }) => url)),
    [['/api/products/1', '/api/products/1', '/api/products/2']]);
});

test('a GET after a POST is not taken for the one before it', async (t) => {
  const { proxy, run } = await visit(t);
  const name = newImport();

  const answers = await run((into) => settle([
    batcher.fetch(`/api/imports/${into}`),
    batcher.fetch(`/api/imports/${into}/rows`, json({ number: 1, sku: 'S', priceCents: 1 })),
    batcher.fetch(`/api/imports/${into}`),
  ]), name);

  assert.deepEqual(answers.map((answer) => answer.slice(0, 3)), ['200', '201', '200']);
  assert.deepEqual(proxy.batches().map(({ items }) => items.map(({ method }) => method)), [['GET', 'POST', 'GET']]);
});

test('without dedupe each call is an item', async (t) => {
  const { proxy, run } = await visit(t, { dedupe: false });

  await run(() => Promise.all(Array.from({ length: 3 }, () => batcher.fetch('/api/products/1'))));

  assert.equal(proxy.batches()[0].items.length, 3);
});

test('two batchers, and a second copy of the module, do not get into each other’s way', async (t) => {
  const { proxy, run } = await visit(t);

  const answers = await run(async () => {
    const again = await import('/multistatus/batch.js?again');
    const others = [createBatcher(), again.createBatcher()];
    return settle([batcher, ...others].flatMap((each, index) =>
      [0, 1].map((number) => each.fetch(`/api/imports/m-${index}-${number}`))));
  });

  assert.deepEqual(answers, none(['m-0-0', 'm-0-1', 'm-1-0', 'm-1-1', 'm-2-0', 'm-2-1']));
  assert.deepEqual(proxy.batches().map(({ items }) => items.length), [2, 2, 2]);
});

test('fetch can be handed around without its batcher', async (t) => {
  const { proxy, run } = await visit(t);

  const answers = await run(() => {
    const { fetch } = batcher;
    return settle([fetch('/api/imports/a'), fetch('/api/imports/b')]);
  });

  assert.deepEqual(answers, none(['a', 'b']));
  assert.equal(proxy.batches().length, 1);
});

test('onRequest and onItem tell of each request and of each answer', async (t) => {
  const { proxy, run } = await visit(t);

  const { requests, items } = await run(async () => {
    const told = { requests: [], items: [] };
    const own = createBatcher({
      onRequest: (event) => told.requests.push(event),
      onItem: (event) => { told.items.push(event); throw new Error('harms nothing'); },
    });
    await settle([own.fetch('/api/products/1'), own.fetch('/api/products/9999')]);
    // Both answers are there before the stream has ended.
    while (told.requests.length < 2) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await settle([own.fetch('/api/products/2')]);
    return told;
  });

  assert.equal(proxy.batches().length, 1);
  assert.deepEqual(requests.map(({ request, type, items: count, how }) => [request, type, count, how]), [
    [1, 'begin', 2, 'stream'], [1, 'end', 2, 'stream'],
    [2, 'begin', 1, 'single'], [2, 'end', 1, 'single'],
  ]);
  assert.deepEqual(items.map(({ request, method, status, attempt, again }) => [request, method, status, attempt, again]).sort(), [
    [1, 'GET', 200, 1, false], [1, 'GET', 404, 1, false], [2, 'GET', 200, 1, false],
  ]);
  for (const { calledAt, sentAt, answeredAt } of items) {
    assert.ok(calledAt <= sentAt && sentAt <= answeredAt);
  }
});

test('the state says what the server has said of itself, once it has been asked', async (t) => {
  const { proxy, page, run } = await visit(t);

  assert.deepEqual(await run(() => [batcher.state.mode, batcher.state.capabilities]), ['207', undefined]);
  await run(getAll, names(3));
  await page.waitForFunction(() => batcher.state.capabilities);

  const { limits, features } = await run(() => batcher.state.capabilities);
  assert.equal(limits.maxRequests, 1000);
  assert.ok(features.includes('idempotency'));
  assert.equal(proxy.log.filter(({ method, path }) => method === 'GET' && path === '/batch').length, 1);
});
