import assert from 'node:assert/strict';
import test from 'node:test';
import { startProxy } from './proxy.mjs';
import { demo, newImport, rowsOf, visit } from './site.mjs';

test('calls to other origins are those of fetch', async (t) => {
  const other = await startProxy(demo, {
    request({ url }, response) {
      response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end(`other ${url}`);
      return true;
    },
  });
  t.after(() => other.close());
  const { proxy, run } = await visit(t);

  const answers = await run((origin) => settle([
    batcher.fetch(`${origin}/a`),
    batcher.fetch(`${origin}/b`),
    batcher.fetch('/api/tiny?a'),
    batcher.fetch('/api/tiny?b'),
    batcher.fetch('http://no-such-host.invalid/'),
    batcher.fetch('data:text/plain,data'),
  ]), other.origin);

  assert.deepEqual(answers, ['200 other /a', '200 other /b', '200 {"ok":true}', '200 {"ok":true}', 'TypeError', '200 data']);
  assert.deepEqual(other.log.map(({ url }) => url).sort(), ['/a', '/b']);
  assert.deepEqual(proxy.batches().map(({ items }) => items.length), [2]);
});

test('a POST to another origin stays a simple request, without a key that would need a preflight', async (t) => {
  const other = await startProxy(demo, {
    request(exchange, response) {
      response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end('taken');
      return true;
    },
  });
  t.after(() => other.close());
  const { run } = await visit(t);

  assert.deepEqual(await run((origin) => settle([batcher.fetch(`${origin}/a`, { method: 'POST', body: 'x' })]), other.origin), ['200 taken']);
  assert.deepEqual(other.log.map(({ method, headers }) => [method, headers['idempotency-key']]), [['POST', undefined]]);
});

test('a failure of one is its own answer and nobody else’s', async (t) => {
  const { run } = await visit(t);

  const answers = await run(() => settle(
    ['/api/boom', '/api/me', '/api/products/9999', '/api/tiny', '/api/carts/x'].map((url) => batcher.fetch(url))));

  assert.deepEqual(answers.map((answer) => answer.slice(0, 3)), ['500', '401', '404', '200', '404']);
});

test('when the server is gone each call is a TypeError, as of fetch', async (t) => {
  const { proxy, run } = await visit(t);
  await run(() => settle([batcher.fetch('/api/tiny?a'), batcher.fetch('/api/tiny?b')]));
  await proxy.close();

  const answers = await run(() => settle([
    fetch('/api/tiny'),
    batcher.fetch('/api/tiny'),
    batcher.fetch('/api/products/1'),
    batcher.fetch('/api/carts', json({ customer: 'x' })),
    batcher.batch([{ method: 'GET', url: '/api/tiny' }]),
    batcher.job([{ method: 'GET', url: '/api/tiny' }]),
  ]));

  assert.deepEqual(answers, Array(6).fill('TypeError'));
  assert.equal(await run(() => batcher.state.mode), '207');
});

test('offline each call is a TypeError, and online again all is as it was', async (t) => {
  const { context, proxy, run } = await visit(t);
  t.after(() => context.setOffline(false));
  const name = newImport();
  const calls = (into) => settle([
    batcher.fetch('/api/tiny?a'),
    batcher.fetch('/api/tiny?b'),
    batcher.fetch(`/api/imports/${into}/rows`, json({ number: 1, sku: 'S', priceCents: 1 })),
  ]);

  await context.setOffline(true);
  assert.deepEqual(await run(calls, name), ['TypeError', 'TypeError', 'TypeError']);
  await context.setOffline(false);
  proxy.forget();
  const answers = await run(calls, name);

  assert.deepEqual(answers.map((answer) => answer.slice(0, 3)), ['200', '200', '201']);
  assert.equal(await run(() => batcher.state.mode), '207');
  assert.deepEqual(proxy.batches().map(({ items, url }) => [items.length, url]), [[3, '/batch']]);
  assert.deepEqual(await rowsOf(name), { rows: 1, distinct: 1 });
});

test('offline, retries go on until it is online again', async (t) => {
  const { context, run } = await visit(t, { retry: { tries: 20, minDelay: 100, maxDelay: 400 } });
  t.after(() => context.setOffline(false));
  const name = newImport();
  await run(() => settle([batcher.fetch('/api/tiny?a'), batcher.fetch('/api/tiny?b')]));

  await context.setOffline(true);
  const calls = run((into) => settle([
    batcher.fetch('/api/tiny'),
    batcher.fetch(`/api/imports/${into}/rows`, json({ number: 1, sku: 'S', priceCents: 1 })),
  ]), name);
  await new Promise((resolve) => setTimeout(resolve, 700));
  await context.setOffline(false);

  assert.deepEqual((await calls).map((answer) => answer.slice(0, 3)), ['200', '201']);
  assert.deepEqual(await rowsOf(name), { rows: 1, distinct: 1 });
});

for (const status of [401, 403, 429]) {
  test(`calls go alone if somebody in front refuses batches with ${status}`, async (t) => {
    const { proxy, run } = await visit(t, {}, {
      request({ method, path }, response) {
        if (method !== 'POST' || path !== '/batch') {
          return false;
        }
        response.writeHead(status, { 'Content-Type': 'text/plain' }).end('No batches here');
        return true;
      },
    });
    const name = newImport();

    const answers = await run((into) => settle([
      batcher.fetch('/api/tiny'),
      batcher.fetch(`/api/imports/${into}/rows`, json({ number: 1, sku: 'S', priceCents: 1 })),
    ]), name);

    assert.deepEqual(answers.map((answer) => answer.slice(0, 3)), ['200', '201']);
    assert.equal(proxy.singles('/api/').length, 2);
    assert.deepEqual(await rowsOf(name), { rows: 1, distinct: 1 });
  });
}
