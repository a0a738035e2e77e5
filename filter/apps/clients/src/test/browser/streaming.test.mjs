import assert from 'node:assert/strict';
import test from 'node:test';
import { newImport, visit } from './site.mjs';

/** Calls these URLs in one tick and says in which order they were answered. */
async function order(urls) {
  const done = [];
  await Promise.all(urls.map(async (url) => {
    const response = await batcher.fetch(url);
    await response.text();
    done.push(url);
  }));
  return done;
}

const URLS = ['/api/slow?ms=1500', '/api/products/1', '/api/products/2', '/api/slow?ms=700', '/api/tiny'];

test('a slow call holds up nobody', async (t) => {
  const { proxy, run } = await visit(t);

  const done = await run(order, URLS);

  assert.deepEqual(done.slice(-2), ['/api/slow?ms=700', '/api/slow?ms=1500']);
  assert.equal(done.length, 5);
  const batches = proxy.batches();
  assert.deepEqual(batches.map(({ items }) => items.length), [5]);
  assert.match(batches[0].headers.accept, /^application\/x-ndjson/);
  assert.match(batches[0].answered.headers['content-type'], /^application\/x-ndjson/);
});

test('a batch with a POST is answered by an envelope, since it may set cookies', async (t) => {
  const { proxy, run } = await visit(t);

  const answers = await run((name) => settle([
    batcher.fetch('/api/tiny'),
    batcher.fetch(`/api/imports/${name}/rows`, json({ number: 1, sku: 'S', priceCents: 1 })),
  ]), newImport());

  assert.deepEqual(answers.map((answer) => answer.slice(0, 3)), ['200', '201']);
  assert.match(proxy.batches()[0].answered.headers['content-type'], /^application\/json/);
});

test('with stream: true a batch with a POST is streamed, and the fast ones come first', async (t) => {
  const { proxy, run } = await visit(t, { stream: true });

  const done = await run(async (name) => {
    const over = [];
    const note = (what) => () => over.push(what);
    await Promise.all([
      batcher.fetch('/api/slow?ms=1500').then(note('slow')),
      batcher.fetch(`/api/imports/${name}/rows`, json({ number: 1, sku: 'S', priceCents: 1 })).then(note('post')),
    ]);
    return over;
  }, newImport());

  assert.deepEqual(done, ['post', 'slow']);
  assert.match(proxy.batches()[0].answered.headers['content-type'], /^application\/x-ndjson/);
});

test('with stream: false nothing is streamed', async (t) => {
  const { proxy, run } = await visit(t, { stream: false });

  assert.equal((await run(order, URLS)).length, 5);

  assert.match(proxy.batches()[0].answered.headers['content-type'], /^application\/json/);
});

test('calls in a batch run side by side, as they do alone', async (t) => {
  const { run } = await visit(t, { stream: false });

  const { one, three } = await run(async () => {
    const timed = async (count) => {
      const begun = performance.now();
      await Promise.all(Array.from({ length: count }, (_, index) => batcher.fetch(`/api/slow?ms=1000&n=${count}${index}`)));
      return performance.now() - begun;
    };
    return { one: await timed(1), three: await timed(3) };
  });

  assert.ok(one >= 1000 && three < 3000, `one took ${one} ms, three took ${three} ms`);
});

test('a big answer in many chunks arrives whole', async (t) => {
  const { run } = await visit(t);

  const lengths = await run(async () => {
    const urls = ['/index.html', '/page.css', '/page.js', '/api/products'];
    const of = async (fetched) => Promise.all(urls.map(async (url) => (await (await fetched(url)).arrayBuffer()).byteLength));
    return [await of((url) => fetch(url)), await of(batcher.fetch)];
  });

  assert.deepEqual(lengths[1], lengths[0]);
  assert.ok(lengths[0].every((length) => length > 100));
});
