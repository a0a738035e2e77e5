import assert from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import http from 'node:http';
import { test } from 'node:test';
import { createBatcher } from '../../main/js/batch.js';
import { later, problem, serverOf } from './server.mjs';

const batcherOf = (server, options) => createBatcher({ endpoint: server.endpoint, fetch: server.fetch, ...options });
const rest = (millis = 5) => new Promise((resolve) => setTimeout(resolve, millis));
const reason = new Error('gone');

test('who is aborted before the call rejects with the reason, and nothing is sent', async () => {
  const server = serverOf();
  const { fetch } = batcherOf(server);

  await assert.rejects(fetch(server.url('/a'), { signal: AbortSignal.abort(reason) }), reason);
  await assert.rejects(fetch(new Request(server.url('/a'), { signal: AbortSignal.abort(reason) })), reason);
  await rest();

  assert.deepEqual(server.seen, []);
  await (await fetch(server.url('/a'))).json();
});

test('who is aborted while the call is collected rejects, and the others go', async () => {
  const server = serverOf();
  const { fetch } = batcherOf(server);
  const controller = new AbortController();

  const calls = [fetch(server.url('/a'), { signal: controller.signal }), fetch(server.url('/b')), fetch(server.url('/c'))];
  controller.abort(reason);

  await assert.rejects(calls[0], reason);
  await Promise.all(calls.slice(1));
  assert.deepEqual(server.ran.map(({ url }) => url), ['/b', '/c']);
});

test('who is aborted under way rejects at once, and the neighbours get their answers', async () => {
  const slow = later();
  const server = serverOf({ app: ({ url }) => (url === '/b' ? slow.promise : { url }) });
  const { fetch } = batcherOf(server, { stream: false });
  const controller = new AbortController();
  const [first, second] = [fetch(server.url('/a'), { signal: controller.signal }), fetch(server.url('/b'))];
  await rest();

  controller.abort(reason);

  await assert.rejects(first, reason);
  slow.resolve({ done: true });
  assert.deepEqual(await (await second).json(), { done: true });
});

test('the request itself is aborted when nobody waits any more', async () => {
  const server = serverOf({ app: () => new Promise(() => {}) });
  const { fetch } = batcherOf(server);
  const controllers = [new AbortController(), new AbortController()];
  const calls = controllers.map(({ signal }, at) => fetch(server.url(`/${at}`), { signal }));
  await rest();

  controllers[0].abort(reason);
  assert.equal(server.requests[0].request.signal.aborted, false);
  controllers[1].abort(reason);

  assert.equal(server.requests[0].request.signal.aborted, true);
  await Promise.all(calls.map((call) => assert.rejects(call, reason)));
});

test('a call that goes alone is aborted', async () => {
  const server = serverOf({ app: () => new Promise(() => {}) });
  const controller = new AbortController();
  const call = batcherOf(server).fetch(server.url('/a'), { signal: controller.signal });
  await rest();

  controller.abort(reason);

  await assert.rejects(call, reason);
  assert.equal(server.requests[0].request.signal.aborted, true);
});

test('of two who wait for the same, one leaves and the other gets the answer', async () => {
  const slow = later();
  const server = serverOf({ app: () => slow.promise });
  const { fetch } = batcherOf(server);
  const controller = new AbortController();
  const [first, second] = [fetch(server.url('/a'), { signal: controller.signal }), fetch(server.url('/a'))];
  await rest();

  controller.abort(reason);
  slow.resolve({ done: true });

  await assert.rejects(first, reason);
  assert.deepEqual(await (await second).json(), { done: true });
});

test('who asks after all have left does not get the call that was given up', async () => {
  const server = serverOf({ app: () => (server.ran.length > 1 ? { second: true } : new Promise(() => {})) });
  const { fetch } = batcherOf(server);
  const controller = new AbortController();
  const first = fetch(server.url('/a'), { signal: controller.signal });
  await rest();
  controller.abort(reason);
  const second = fetch(server.url('/a'));

  await assert.rejects(first, reason);
  assert.deepEqual(await (await second).json(), { second: true });
});

test('a wait before the next try ends with the signal', async () => {
  const server = serverOf({ app: () => new Response('', { status: 503 }) });
  const { fetch } = batcherOf(server, { retry: { tries: 5, minDelay: 1e6, maxDelay: 1e6 } });
  const controller = new AbortController();
  const calls = ['/a', '/b'].map((path) => fetch(server.url(path), { signal: controller.signal }));
  await rest(20);

  controller.abort(reason);

  await Promise.all(calls.map((call) => assert.rejects(call, reason)));
  assert.equal(server.batches.length, 1);
});

test('who leaves while a lost batch is thought about is not sent alone', async () => {
  const controller = new AbortController();
  const server = serverOf({
    way: (request, next, { path, method }) => {
      if (path !== '/batch') {
        return next();
      }
      if (method === 'GET') {
        controller.abort(reason);
        return next();
      }
      throw new TypeError('lost');
    },
  });
  const { fetch } = batcherOf(server);

  const results = await Promise.allSettled([
    fetch(server.url('/a'), { method: 'POST', signal: controller.signal }), fetch(server.url('/b'), { method: 'POST' }),
  ]);

  assert.deepEqual(results.map(({ status }) => status), ['rejected', 'fulfilled']);
  assert.equal(results[0].reason, reason);
  assert.deepEqual(server.ran.map(({ url }) => url), ['/b']);
});

test('signals that live long keep no listener', async () => {
  const failed = new Set();
  const server = serverOf({ app: ({ url }) => (/fail/.test(url) && !failed.has(url) && failed.add(url) ? new Response('', { status: 503 }) : { url }) });
  // What fetch makes of the signal is not the module's.
  const { fetch, batch } = batcherOf(server, {
    retry: { tries: 3, minDelay: 1 }, fetch: (input, { signal: own, ...init } = {}) => server.fetch(input, init),
  });
  const { signal } = new AbortController();

  const all = await Promise.all(['/a', '/a', '/b', '/fail'].map((path) => fetch(server.url(path), { signal })));
  const alone = await fetch(server.url('/alone'), { signal });
  await Promise.all([...all, alone].map((response) => response.text()));
  assert.equal((await batch([{ url: '/fails' }], { signal })).responses[0].status, 200);
  assert.deepEqual([...failed], ['/fail', '/fails']);

  assert.deepEqual(getEventListeners(signal, 'abort'), []);
});

test('the signal ends the body of an answer that goes on coming, as with fetch', async (t) => {
  const server = http.createServer((request, response) => response.write('begin')).listen(0, '127.0.0.1');
  t.after(() => server.closeAllConnections() ?? server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}`;
  const { fetch } = createBatcher({ endpoint: `${url}/batch` });
  const controller = new AbortController();
  const response = await fetch(`${url}/a`, { signal: controller.signal });
  assert.deepEqual([response.url, response.status], [`${url}/a`, 200]);

  const text = response.text();
  await rest();
  controller.abort(reason);

  await assert.rejects(text, reason);
});

test('of two who share an answer that goes on coming, one leaves and the other gets it all', async (t) => {
  const end = later();
  const server = http.createServer(async (request, response) => {
    response.write('begin');
    await end.promise;
    response.end('end');
  }).listen(0, '127.0.0.1');
  t.after(() => server.closeAllConnections() ?? server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}`;
  const { fetch } = createBatcher({ endpoint: `${url}/batch` });
  const controllers = [new AbortController(), new AbortController()];
  const [, second] = await Promise.all(controllers.map(({ signal }) => fetch(`${url}/a`, { signal })));

  const text = second.text();
  controllers[0].abort(reason);
  end.resolve();

  assert.equal(await text, 'beginend');
});

test('nobody joins a call whose body the signal of another may end', async () => {
  const slow = later();
  const server = serverOf({ app: () => slow.promise });
  const { fetch } = batcherOf(server);
  const controller = new AbortController();
  const first = fetch(server.url('/a'), { signal: controller.signal });
  await rest();
  const second = fetch(server.url('/a'));
  await rest();

  controller.abort(reason);
  slow.resolve({ done: true });

  await assert.rejects(first, reason);
  assert.deepEqual(await (await second).json(), { done: true });
  assert.deepEqual(server.seen, ['GET /a', 'GET /a']);
});

test('an answer with a status that scripts may not give comes with a signal, too', async (t) => {
  const server = http.createServer((request, response) => response.writeHead(999).end('odd')).listen(0, '127.0.0.1');
  t.after(() => server.closeAllConnections() ?? server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}`;

  const response = await createBatcher({ endpoint: `${url}/batch` }).fetch(`${url}/a`, { signal: new AbortController().signal });

  assert.deepEqual([response.status, await response.text()], [999, 'odd']);
});
