import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverOf } from './server.mjs';

const leaves = new Set();
globalThis.addEventListener = (type, listener) => type === 'pagehide' && leaves.add(listener);
const { createBatcher } = await import('../../main/js/batch.js');

const batcherOf = (server, options) => createBatcher({ endpoint: server.endpoint, fetch: server.fetch, maxWait: 1e6, ...options });
const leave = () => [...leaves].forEach((listener) => listener({ type: 'pagehide' }));

test('what is waiting when the page is left is sent so that it outlives it', async () => {
  const server = serverOf();
  const { fetch } = batcherOf(server);
  const calls = ['/a', '/b'].map((path) => fetch(server.url(path), { method: 'POST', body: 'x' }));
  await null;

  leave();
  // Before the page is gone the browser runs what waits for nothing else, and no more.
  for (let i = 0; i < 20; i++) {
    await null;
  }

  assert.deepEqual(server.seen, ['POST /batch']);
  await Promise.all(calls);
  assert.equal(server.requests[0].request.keepalive, true);
});

test('a page that is left sends what changes something first, as much as the browser takes', async () => {
  const server = serverOf();
  const { fetch } = batcherOf(server);
  const calls = Array.from({ length: 6 }, (_, at) => fetch(server.url(`/get/${at}`)));
  const body = 'x'.repeat(9000);
  calls.push(...Array.from({ length: 6 }, (_, at) => fetch(server.url(`/post/${at}`), { method: 'POST', body })));
  await null;

  leave();
  await Promise.all(calls);

  const kept = server.requests.filter(({ request }) => request.keepalive);
  assert.equal(kept.length, 1);
  assert.ok(kept[0].batch.every(({ method }) => method === 'POST'));
  assert.ok(JSON.stringify(kept[0].batch).length < 64000);
  assert.equal(server.ran.length, 12);
});

test('what waits for its body is sent too, with its neighbours, and nothing twice', async () => {
  const server = serverOf();
  const { fetch, flush } = batcherOf(server);
  const body = new FormData();
  body.set('file', new Blob(['x'.repeat(70000)]));
  const calls = [fetch(server.url('/form'), { method: 'POST', body }), fetch(server.url('/a')), fetch(server.url('/b'))];
  flush();
  await null;

  leave();
  await Promise.all(calls);

  assert.deepEqual(server.ran.map(({ url }) => url).sort(), ['/a', '/b', '/form']);
  // The browser takes no long body of a page that is left, nor one whose length nobody knows.
  assert.deepEqual(server.requests.map(({ path, request }) => [path, request.keepalive]).sort(), [['/batch', true], ['/form', false]]);
});

test('a page that is left sends no batch that is longer than the server takes', async () => {
  const server = serverOf();
  const { fetch } = batcherOf(server, { maxBytes: 5000 });
  const calls = Array.from({ length: 6 }, (_, at) => fetch(server.url(`/${at}`), { method: 'POST', body: 'x'.repeat(1000) }));
  await null;

  leave();
  await Promise.all(calls);

  assert.deepEqual(server.batches.map((batch) => batch.length), [2, 2, 2]);
  assert.ok(server.batches.every((batch) => JSON.stringify(batch).length < 5000));
  assert.ok(server.requests.filter(({ method }) => method === 'POST').every(({ request }) => request.keepalive));
});

test('a body that the browser takes just so goes with a page that is left, if it is alone', async () => {
  const server = serverOf();
  const { fetch } = batcherOf(server);
  const call = fetch(server.url('/long'), { method: 'POST', body: 'x'.repeat(59000) });
  await null;

  leave();
  await call;

  assert.deepEqual(server.requests.map(({ path, request }) => [path, request.keepalive]), [['/long', true]]);
});

test('a page that is left while nothing waits sends nothing', async () => {
  const server = serverOf();
  batcherOf(server);

  leave();
  await new Promise((resolve) => setTimeout(resolve, 5));

  assert.deepEqual(server.seen, []);
});
