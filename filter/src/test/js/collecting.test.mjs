import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBatcher } from '../../main/js/batch.js';
import { later, problem, refusal, serverOf } from './server.mjs';

function batcherOf(server, options) {
  const batcher = createBatcher({ endpoint: server.endpoint, fetch: server.fetch, ...options });
  return { ...batcher, get: (path, init) => batcher.fetch(server.url(path), init), state: () => batcher.state };
}

const posts = ({ seen }) => seen.filter((line) => line.startsWith('POST /batch')).length;
const singles = ({ seen }) => seen.filter((line) => !/ \/batch/.test(line));

test('calls of the same tick go together, and each has its own answer', async () => {
  const server = serverOf();
  const { get } = batcherOf(server);

  const answers = await Promise.all(['/a', '/b', '/c?d=1'].map((path) => get(path).then((response) => response.json())));

  assert.deepEqual(answers, [{ url: '/a' }, { url: '/b' }, { url: '/c?d=1' }]);
  assert.deepEqual(server.seen, ['POST /batch', 'GET /batch']);
});

test('a single call goes alone, as it is', async () => {
  const server = serverOf();

  const response = await batcherOf(server).get('/a', { headers: { 'X-Own': '1' } });

  assert.deepEqual(await response.json(), { url: '/a' });
  assert.deepEqual(server.seen, ['GET /a']);
  assert.equal(server.requests[0].headers.get('X-Own'), '1');
});

test('maxWait collects for so long', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const server = serverOf();
  const { get } = batcherOf(server, { maxWait: 50 });

  const first = get('/a');
  t.mock.timers.tick(49);
  const second = get('/b');
  assert.deepEqual(server.seen, []);
  t.mock.timers.tick(1);

  await Promise.all([first, second]);
  assert.equal(posts(server), 1);
});

test('flush does not wait for maxWait', async () => {
  const server = serverOf();
  const { get, flush } = batcherOf(server, { maxWait: 1e6 });
  const calls = [get('/a'), get('/b')];

  await null;
  flush();

  await Promise.all(calls);
  assert.equal(posts(server), 1);
});

test('no batch has more than maxItems, nor more than the server takes', async () => {
  const server = serverOf({ limits: { maxRequests: 7 } });
  const { get } = batcherOf(server, { maxItems: 10 });

  await Promise.all(Array.from({ length: 20 }, (_, at) => get(`/first/${at}`)));
  const before = server.batches.length;
  await Promise.all(Array.from({ length: 20 }, (_, at) => get(`/then/${at}`)));

  assert.deepEqual(server.batches.slice(before).map((batch) => batch.length), [7, 7, 6]);
  assert.equal(server.ran.length, 40);
  assert.equal(server.seen.filter((line) => line === 'GET /batch').length, 1, 'asked once');
});

test('maxItems of 1 batches nothing', async () => {
  const server = serverOf();
  const { get } = batcherOf(server, { maxItems: 1 });

  await Promise.all(['/a', '/b'].map((path) => get(path)));

  assert.deepEqual(server.seen, ['GET /a', 'GET /b']);
});

test('no batch has more bytes than maxBytes', async () => {
  const server = serverOf();
  const { get } = batcherOf(server, { maxBytes: 5000 });

  await Promise.all(Array.from({ length: 10 }, (_, at) => get(`/${at}`, { method: 'POST', body: 'x'.repeat(1000) })));

  assert.ok(server.batches.length > 1);
  server.batches.forEach((batch) => assert.ok(JSON.stringify(batch).length < 5000));
  assert.equal(server.ran.length, 10);
});

test('what is too long for any batch goes alone', async () => {
  const server = serverOf();
  const { get } = batcherOf(server, { maxBytes: 5000 });

  await Promise.all([get('/long', { method: 'POST', body: 'x'.repeat(9000) }), get('/a'), get('/b')]);

  assert.deepEqual(singles(server), ['POST /long']);
  assert.equal(server.batches[0].length, 2);
});

test('a body that is known to be too long is not even read', async () => {
  const server = serverOf();
  const { get } = batcherOf(server, { maxBytes: 5000 });

  await Promise.all([get('/blob', { method: 'POST', body: new Blob(['x'.repeat(9000)]) }), get('/a'), get('/b')]);

  assert.deepEqual(singles(server), ['POST /blob']);
});

test('a body that does not come to an end holds nobody up', async () => {
  const server = serverOf();
  const { get } = batcherOf(server);
  const { body } = new Response(new ReadableStream());
  const endless = get(new Request(server.url('/slow'), { method: 'POST', body, duplex: 'half' }));
  endless.catch(() => {});

  await Promise.all([get('/a'), get('/b')]);

  assert.equal(server.batches[0].length, 2);
});

for (const [what, init] of [
  ['batch: false', { batch: false }],
  ['keepalive', { keepalive: true }],
  ['integrity', { integrity: 'sha256-abc' }],
  ['a redirect of its own', { redirect: 'manual' }],
  ['a mode of its own', { mode: 'same-origin' }],
  ['a referrer policy of its own', { referrerPolicy: 'no-referrer' }],
  ['a cache that reads old answers', { cache: 'force-cache' }],
  ['a stream as its body', { method: 'POST', body: new ReadableStream({ start: (to) => to.close() }), duplex: 'half' }],
  ['an Accept for events', { headers: { Accept: 'text/event-stream' } }],
]) {
  test(`a call with ${what} goes alone`, async () => {
    const server = serverOf();
    const { get } = batcherOf(server);

    await Promise.all([get('/x', init), get('/a'), get('/b')]);

    assert.deepEqual(singles(server), [`${init.method ?? 'GET'} /x`]);
    assert.equal(server.batches[0].length, 2);
  });
}

test('calls to another origin, and to the endpoint itself, go alone', async () => {
  const server = serverOf();
  const seen = [];
  const fetch = (input, init) => {
    const { url } = new Request(input, init);
    seen.push(url);
    return url.startsWith('http://shop.test') ? server.fetch(input, init) : Promise.resolve(new Response('other'));
  };
  const { get, ...batcher } = batcherOf(server, { fetch });

  const [other] = await Promise.all([batcher.fetch('http://other.test/a'), get('/batch/jobs/1'), get('/a'), get('/b')]);

  assert.equal(await other.text(), 'other');
  assert.deepEqual(seen.slice(0, 2), ['http://other.test/a', 'http://shop.test/batch/jobs/1']);
});

test('a blob: of the own origin goes alone, which no server has', async () => {
  const server = serverOf();
  const blobs = [];
  const { get, ...batcher } = batcherOf(server, {
    fetch: (input, init) => (input.url?.startsWith('blob:') ? Promise.resolve(new Response(`${blobs.push(input.url)}`)) : server.fetch(input, init)),
  });

  await Promise.all([batcher.fetch('blob:http://shop.test/11-22'), get('/a'), get('/b')]);

  assert.deepEqual(blobs, ['blob:http://shop.test/11-22']);
  assert.deepEqual(server.batches.map((batch) => batch.map(({ url }) => url)), [['/a', '/b']]);
});

test('who asks past the cache does not get what another reads with it', async () => {
  const server = serverOf();
  const { get } = batcherOf(server);

  await Promise.all([get('/a'), get('/a', { cache: 'no-store' }), get('/a', { cache: 'no-store' })]);

  assert.deepEqual(server.batches[0].map(({ url }) => url), ['/a', '/a']);
});

test('files in FormData that are too long for a batch are not read', async () => {
  const server = serverOf();
  const { get } = batcherOf(server, { maxBytes: 5000 });
  const body = new FormData();
  body.set('name', 'x'.repeat(2000));
  body.set('file', new Blob(['x'.repeat(4000)]));
  let read = 0;
  const { arrayBuffer } = Request.prototype;
  Request.prototype.arrayBuffer = function counted() { read++; return arrayBuffer.call(this); };
  try {
    await Promise.all([get('/form', { method: 'POST', body }), get('/a'), get('/b')]);
  } finally {
    Request.prototype.arrayBuffer = arrayBuffer;
  }

  assert.deepEqual(singles(server), ['POST /form']);
  // By the server of the test.
  assert.equal(read, server.seen.length);
});

/** A Request whose body goes on for long, and what becomes of that. */
function endless(url, init) {
  const it = { pulled: 0, cancelled: false };
  const body = new ReadableStream({
    async pull(to) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      it.pulled++;
      to.enqueue(new Uint8Array(1000));
    },
    cancel() { it.cancelled = true; },
  });
  it.request = new Request(url, { method: 'POST', body, duplex: 'half', ...init });
  return it;
}

test('of a body that turns out to be too long no more is read than a batch may have', async () => {
  const server = serverOf();
  const sent = later();
  const batcher = batcherOf(server, { maxBytes: 5000, fetch: () => { sent.resolve(); return new Promise(() => {}); } });
  const it = endless(server.url('/endless'));
  batcher.fetch(it.request);

  await sent.promise;
  await new Promise((resolve) => setTimeout(resolve, 50));

  assert.ok(it.pulled < 10, `${it.pulled} pieces`);
});

test('of a body for which nobody waits any more nothing is read', async () => {
  const server = serverOf();
  const { fetch } = batcherOf(server);
  const controller = new AbortController();
  const it = endless(server.url('/endless'), { signal: controller.signal });
  const call = fetch(it.request);
  await new Promise((resolve) => setTimeout(resolve, 20));

  controller.abort();
  await assert.rejects(call, { name: 'AbortError' });
  await new Promise((resolve) => setTimeout(resolve, 20));

  assert.equal(it.cancelled, true);
});

test('calls with other credentials go in another batch', async () => {
  const server = serverOf();
  const { get } = batcherOf(server);

  await Promise.all([
    get('/a'), get('/b', { credentials: 'omit' }), get('/c'), get('/d', { credentials: 'omit' }), get('/e', { credentials: 'include' }),
  ]);

  const batches = server.requests.filter(({ batch }) => batch);
  assert.deepEqual(batches.map(({ batch, request }) => [request.credentials, batch.map(({ url }) => url)]), [
    ['same-origin', ['/a', '/c']], ['omit', ['/b', '/d']],
  ]);
  assert.deepEqual(singles(server), ['GET /e']);
});

test('what all have in common is on the batch, and what is one\'s own on the item', async () => {
  const server = serverOf();
  const { get } = batcherOf(server, { headers: () => ({ 'X-Page': 'p' }) });
  const common = { Authorization: 'Bearer t', 'X-CSRF-Token': 'c' };

  await Promise.all([
    get('/a', { headers: { ...common, 'X-Own': '1', Accept: 'text/plain', 'X-HTTP-Method-Override': 'DELETE' } }),
    get('/b', { headers: { ...common, 'X-Own': '2', Accept: 'text/plain', 'X-HTTP-Method-Override': 'DELETE' } }),
  ]);

  const { headers, batch } = server.requests[0];
  assert.deepEqual(['authorization', 'x-csrf-token', 'x-page', 'x-own', 'x-http-method-override'].map((name) => headers.get(name)), ['Bearer t', 'c', 'p', null, null]);
  assert.deepEqual(batch.map((item) => item.headers), [1, 2].map((own) => (
    { accept: 'text/plain', 'x-http-method-override': 'DELETE', 'x-own': `${own}` }
  )));
  assert.deepEqual(server.ran.map((item) => [item.headers.get('X-Own'), item.headers.get('Authorization')]), [['1', 'Bearer t'], ['2', 'Bearer t']]);
});

test('when the function for the header throws, calls reject with what it has thrown', async () => {
  const server = serverOf();
  const { get } = batcherOf(server, { headers: () => { throw new Error('no token'); } });

  const results = await Promise.allSettled([get('/a'), get('/b')]);

  results.forEach(({ reason }) => assert.equal(reason.message, 'no token'));
  assert.deepEqual(server.seen, []);
});

test('what fetch would refuse rejects, and harms no neighbour', async () => {
  const server = serverOf();
  const { get, ...batcher } = batcherOf(server);

  const results = await Promise.allSettled([
    batcher.fetch('http://['), get('/x', { method: 'GET', body: 'x' }), get('/x', { method: 'TRACE' }), batcher.fetch(), get('/a'), get('/b', null),
  ]);

  assert.deepEqual(results.map(({ status }) => status), [...Array(4).fill('rejected'), 'fulfilled', 'fulfilled']);
  results.slice(0, 4).forEach(({ reason }) => assert.equal(reason.constructor, TypeError));
});

test('identical GETs that are under way are one, and each caller can read the answer', async () => {
  const server = serverOf();
  const { get } = batcherOf(server);

  const all = await Promise.all([get('/a'), get('/a'), get('/b'), get('/a', { headers: { 'X-Own': '1' } })]);

  assert.deepEqual(await Promise.all(all.map((response) => response.json())), ['/a', '/a', '/b', '/a'].map((url) => ({ url })));
  assert.deepEqual(server.batches[0].map(({ url }) => url), ['/a', '/b', '/a']);
});

test('dedupe: false keeps identical GETs apart', async () => {
  const server = serverOf();
  const { get } = batcherOf(server, { dedupe: false });

  await Promise.all([get('/a'), get('/a')]);

  assert.equal(server.batches[0].length, 2);
});

for (const [what, change] of [
  ['a POST', ({ get }) => get('/change', { method: 'POST' })],
  ['a POST that goes alone', ({ get }) => get('/change', { method: 'POST', batch: false })],
  ['a batch of the page\'s own', ({ batch }) => batch([{ method: 'POST', url: '/change' }])],
]) {
  test(`nobody gets what was read before ${what}`, async () => {
    const first = later();
    let reads = 0;
    const server = serverOf({
      app: ({ url, method }) => (method === 'GET' ? (reads++ ? { now: 'new' } : first.promise) : { url }),
    });
    const batcher = batcherOf(server);
    const before = batcher.get('/a');
    await new Promise((resolve) => setTimeout(resolve, 5));

    const changed = change(batcher);
    const after = await batcher.get('/a');
    await changed;
    first.resolve({ now: 'old' });

    assert.deepEqual(await after.json(), { now: 'new' });
    assert.deepEqual(await (await before).json(), { now: 'old' });
  });
}

test('a GET that began while something was changed is not shared when that is done', async () => {
  const change = later();
  const slow = later();
  const server = serverOf({ app: ({ method }) => (method === 'POST' ? change.promise : server.ran.length > 2 ? {} : slow.promise) });
  const { get } = batcherOf(server);
  const changed = get('/change', { method: 'POST', batch: false });
  const between = get('/a');
  await new Promise((resolve) => setTimeout(resolve, 5));

  change.resolve({});
  await changed;
  await get('/a');

  assert.equal(server.ran.filter(({ url }) => url === '/a').length, 2);
  slow.resolve({});
  await between;
});

test('413 of the endpoint makes smaller batches, from then on', async () => {
  const server = serverOf({ limits: { maxBatchBytes: 4000 } });
  const { get } = batcherOf(server);
  const long = (at) => get(`/${at}`, { method: 'POST', body: 'x'.repeat(500) });

  await Promise.all(Array.from({ length: 20 }, (_, at) => long(at)));
  const before = server.seen.length;
  await Promise.all(Array.from({ length: 20 }, (_, at) => long(`again/${at}`)));

  assert.equal(server.ran.length, 40);
  assert.ok(server.requests.slice(before).every(({ batch }) => batch), 'none too long');
});

test('413 for too many calls is learned, also of an endpoint that says nothing of itself', async () => {
  const server = serverOf({ limits: { maxRequests: 5 }, way: (request, next, { path, method }) => (path === '/batch' && method === 'GET' ? new Response('', { status: 404 }) : next()) });
  const { get } = batcherOf(server);
  const all = () => Promise.all(Array.from({ length: 20 }, (_, at) => get(`/${at}`)));

  await all();
  const before = server.requests.length;
  await all();

  assert.deepEqual(server.requests.slice(before).filter(({ method }) => method === 'POST').map(({ batch }) => batch.length), [5, 5, 5, 5]);
});

test('413 of a proxy that does not say why comes to an end', async () => {
  let refused = 0;
  const server = serverOf({
    way: (request, next, { path, method }) => {
      refused += Number(path === '/batch' && method === 'POST');
      return path === '/batch' && method === 'POST' ? new Response('<h1>Too large</h1>', { status: 413 }) : next();
    },
  });
  const { get } = batcherOf(server);

  await Promise.all(Array.from({ length: 8 }, (_, at) => get(`/${at}`)));

  assert.equal(server.ran.length, 8);
  assert.ok(refused <= 7, `${refused} batches`);
});

test('bytes that are longer as text than they were thought to be do not go in circles', async () => {
  const server = serverOf({ limits: { maxBatchBytes: 20000 } });
  const { get } = batcherOf(server);

  await Promise.all(Array.from({ length: 4 }, (_, at) => get(`/${at}`, { method: 'POST', body: new Uint8Array(4000) })));

  assert.equal(server.ran.length, 4);
  server.ran.forEach(({ bytes }) => assert.deepEqual(bytes, new Uint8Array(4000)));
  server.batches.flat().forEach(({ bodyEncoding }) => assert.equal(bodyEncoding, 'base64'));
  assert.ok(server.requests.length < 12, server.seen.join());
});

test('what only a batch refuses goes alone, and its path does for a while', async (t) => {
  t.mock.timers.enable({ apis: ['Date'] });
  const server = serverOf({
    app: ({ url, signal }) => (url === '/denied' && !signal ? refusal(403, 'forbidden-target') : { url }),
  });
  const { get } = batcherOf(server);
  const three = () => Promise.all([get('/denied'), get('/a'), get('/b')]);

  const [denied] = await three();
  assert.deepEqual(await denied.json(), { url: '/denied' });
  assert.equal(server.batches[0].length, 3);
  await three();
  assert.equal(server.batches[1].length, 2);
  t.mock.timers.tick(60001);
  await three();
  assert.equal(server.batches[2].length, 3);
});

for (const [status, type] of [[200, 'application/json'], [200, 'application/problem+json'], [403, 'application/json'],
  [403, 'application/problem+json']]) {
  test(`an app that answers ${status} as ${type} with what looks like a refusal is not asked again`, async () => {
    const looksLike = () => new Response('{"type":"urn:multistatus:forbidden-target"}', { status, headers: { 'Content-Type': type } });
    const server = serverOf({ app: looksLike, keys: false });
    const { get } = batcherOf(server);

    const all = await Promise.all([get('/a', { method: 'POST' }), get('/b', { method: 'POST' })]);

    assert.deepEqual(all.map((response) => response.status), [status, status]);
    assert.equal(server.ran.length, 2);
  });
}

test('what changes something goes alone if the endpoint has refused it, without a key too', async () => {
  const server = serverOf({ app: ({ url, signal }) => (url === '/denied' && !signal ? refusal(403, 'forbidden-target') : { url }), keys: false });
  const { get } = batcherOf(server, { idempotency: false });

  const [denied] = await Promise.all([get('/denied', { method: 'POST', body: 'x' }), get('/a')]);

  assert.deepEqual(await denied.json(), { url: '/denied' });
  assert.deepEqual(singles(server), ['POST /denied']);
});

test('a GET whose answer is too long for a batch goes alone, and a POST has that as its answer', async () => {
  const server = serverOf({ app: ({ url, signal }) => (/long/.test(url) && !signal ? problem(502, 'response-too-large') : { url }) });
  const { get } = batcherOf(server);

  const [read, changed] = await Promise.all([get('/long/1'), get('/long/2', { method: 'POST' }), get('/a')]);

  assert.deepEqual([read.status, changed.status], [200, 502]);
  assert.deepEqual(singles(server), ['GET /long/1']);
});

test('listeners hear of all, and what they throw harms nobody', async (t) => {
  t.mock.method(console, 'error', () => {});
  const items = [];
  const requests = [];
  const server = serverOf({ app: ({ url }) => new Response(url, { status: url === '/b' ? 404 : 200 }) });
  const { get } = batcherOf(server, {
    onItem: (event) => { items.push(event); throw new Error('listener'); },
    onRequest: (event) => { requests.push(event); throw new Error('listener'); },
  });

  await Promise.all([get('/a'), get('/b')]);
  await get('/c');

  assert.deepEqual(items.map(({ request, method, url, status, attempt, again }) => ({ request, method, url, status, attempt, again })), [
    { request: 1, method: 'GET', url: 'http://shop.test/a', status: 200, attempt: 1, again: false },
    { request: 1, method: 'GET', url: 'http://shop.test/b', status: 404, attempt: 1, again: false },
    { request: 2, method: 'GET', url: 'http://shop.test/c', status: 200, attempt: 1, again: false },
  ]);
  items.forEach(({ calledAt, sentAt, answeredAt }) => assert.ok(calledAt <= sentAt && sentAt <= answeredAt));
  assert.deepEqual(requests.map(({ request, type, items: count, how }) => [request, type, count, how]), [
    [1, 'begin', 2, 'stream'], [1, 'end', 2, 'stream'], [2, 'begin', 1, 'single'], [2, 'end', 1, 'single'],
  ]);
  assert.equal(console.error.mock.callCount(), 7);
});

test('the limits are asked for with the header and the credentials of the batcher', async () => {
  const server = serverOf();
  const { get, state } = batcherOf(server, { headers: { 'X-Page': 'p' }, credentials: 'include' });

  await Promise.all(['/a', '/b'].map((path) => get(path)));

  const { request } = server.requests[1];
  assert.equal(request.headers.get('X-Page'), 'p');
  assert.equal(request.credentials, 'include');
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(state().capabilities.limits.maxRequests, 100);
});

test('what goes alone goes in the order of the calls', async () => {
  const server = serverOf({ way: (request, next, { path, method }) => (path === '/batch' && method === 'POST' ? new Response('', { status: 404 }) : next()) });
  const { get } = batcherOf(server);
  const paths = ['/a', '/b', '/c', '/d'];

  await Promise.all(paths.map((path) => get(path)));
  await Promise.all(paths.map((path) => get(path)));

  assert.deepEqual(singles(server), [...paths, ...paths].map((path) => `GET ${path}`));
});

test('an endpoint that says nothing before a login is asked again when it matters', async () => {
  let asked = 0;
  const server = serverOf({
    app: ({ url }) => (url === '/fail' && server.ran.length < 8 ? new Response('', { status: 503 }) : { url }),
    way: (request, next, { path, method }) => (path === '/batch' && method === 'GET' && !asked++ ? problem(401, 'x') : next()),
  });
  const { get } = batcherOf(server, { retry: { tries: 9, minDelay: 1 } });
  await Promise.all([get('/a'), get('/b')]);

  const all = await Promise.all(['/fail', '/c'].map((path) => get(path, { method: 'POST' })));

  assert.deepEqual(all.map(({ status }) => status), [200, 200]);
});

test('an endpoint that says nothing of itself is asked once, and believed to have no features', async () => {
  const server = serverOf({ way: (request, next, { path, method }) => (path === '/batch' && method === 'GET' ? new Response('{"limits":{}}', { status: 401 }) : next()) });
  const { get, state } = batcherOf(server);

  await Promise.all([get('/a'), get('/b')]);
  await Promise.all([get('/a'), get('/b')]);

  assert.equal(server.seen.filter((line) => line === 'GET /batch').length, 1);
  assert.deepEqual(state(), { mode: '207', capabilities: undefined });
});

test('a signal that is none rejects, and nobody waits for that call', async () => {
  const server = serverOf();
  const { get } = batcherOf(server);

  await assert.rejects(get('/a', { signal: {} }), TypeError);

  assert.equal((await get('/a')).status, 200);
});
