import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { test } from 'node:test';
import { createBatcher } from '../../main/js/batch.js';
import { batcherOf as batcherWith } from '../../main/js/batcher.js';
import { cutAfter, json, later, problem, serverOf, session } from './server.mjs';

const batcherOf = (server, options) => createBatcher({ endpoint: server.endpoint, fetch: server.fetch, ...options });
const isBatch = ({ path, method }) => method === 'POST' && /^\/batch(\?|$)/.test(path);
const urls = ({ ran }) => ran.map(({ url }) => url);
const rest = (millis = 5) => new Promise((resolve) => setTimeout(resolve, millis));

/** A server whose batches, not the rest, come to something else; `spoil` gets the number of the batch, from 1. */
function spoiled(spoil, settings) {
  let batches = 0;
  return serverOf({
    ...settings,
    way: (request, next, record) => (isBatch(record) ? spoil(next, record, ++batches) : next()),
  });
}

const html = (status) => new Response('<h1>Hello</h1>', { status, headers: { 'Content-Type': 'text/html' } });
const afterwards = (spoil) => async (next) => {
  await next();
  return spoil();
};
/** What proxies make of a 207: the batch has run, and its answer is lost. */
const EATEN = [
  ['an error of the network', () => { throw new TypeError('reset'); }],
  ['502', () => html(502)],
  ['204', () => new Response(null, { status: 204 })],
  ['200 with HTML', () => html(200)],
  ['a 207 without a type', () => new Response('x', { status: 207, headers: { 'Content-Type': '' } })],
  ['JSON that is something else', () => new Response('{}', { status: 200, headers: { 'Content-Type': 'application/json' } })],
  ['JSON that breaks off', () => new Response('{"status":207,"respon', { status: 207, headers: { 'Content-Type': 'application/json' } })],
  ['408', () => html(408)],
  ['200 with a problem', () => new Response('{"type":"urn:multistatus:overloaded"}', { headers: { 'Content-Type': 'application/problem+json' } })],
];

for (const [what, spoil] of EATEN) {
  test(`${what} in place of 207 makes the module ask for 200, for the session`, async (t) => {
    const stored = session(t);
    const server = spoiled((next, { path }) => (/=200/.test(path) ? next() : afterwards(spoil)(next)));
    const batcher = batcherOf(server);
    const all = (paths) => Promise.all(paths.map((path) => batcher.fetch(server.url(path)).then((response) => response.json())));

    assert.deepEqual(await all(['/a', '/b']), [{ url: '/a' }, { url: '/b' }]);
    assert.equal(batcher.state.mode, '200');
    await all(['/c', '/d']);

    assert.deepEqual(server.seen.filter((line) => /^POST/.test(line)), ['POST /batch', 'POST /batch?multi-status=200', 'POST /batch?multi-status=200']);
    assert.deepEqual([...stored], [['multistatus:/batch', '200']]);
    assert.equal(batcherOf(server).state.mode, '200', 'the next page knows');
  });

  test(`${what} always: one by one, and no batches for a minute`, async (t) => {
    t.mock.timers.enable({ apis: ['Date'] });
    const server = spoiled(afterwards(spoil));
    const batcher = batcherOf(server);
    const all = () => Promise.all(['/a', '/b'].map((path) => batcher.fetch(server.url(path)).then((response) => response.json())));

    assert.deepEqual(await all(), [{ url: '/a' }, { url: '/b' }]);
    await rest();
    assert.equal(batcher.state.mode, 'off');
    assert.equal(server.batches.length, 2);
    await all();
    assert.equal(server.batches.length, 2);
    t.mock.timers.tick(60001);
    assert.equal(batcher.state.mode, '207');
    await all();
    assert.equal(server.batches.length, 4);
  });

  test(`${what}: what may have run and is neither safe nor keyed is not sent again`, async () => {
    const server = spoiled(afterwards(spoil));
    const { fetch } = batcherOf(server, { idempotency: false });

    const [post, get] = await Promise.allSettled([fetch(server.url('/post'), { method: 'POST' }), fetch(server.url('/get'))]);

    assert.equal(post.reason.constructor, TypeError);
    assert.match(post.reason.message, /\/post/);
    assert.equal(get.status, 'fulfilled');
    assert.equal(urls(server).filter((url) => url === '/post').length, 1);
  });

  for (const [kind, other] of [['only calls that may not be repeated', 'POST'], ['one call that may be repeated', 'GET']]) {
    test(`${what}: a batch with ${kind} is lost once, and the next one goes with 200`, async (t) => {
      const stored = session(t);
      const server = spoiled((next, { path }) => (/=200/.test(path) ? next() : afterwards(spoil)(next)));
      const batcher = batcherOf(server, { idempotency: false, stream: false });
      const two = async () => (await Promise.allSettled([
        batcher.fetch(server.url('/a'), { method: 'POST' }), batcher.fetch(server.url('/b'), { method: other }),
      ])).map(({ status }) => status);

      assert.equal((await two())[0], 'rejected');
      assert.deepEqual([batcher.state.mode, ...await two()], ['207', 'fulfilled', 'fulfilled']);

      // The next page tries 207 again: here it was lost once only, and may have been by chance.
      assert.deepEqual([batcher.state.mode, ...stored.values()], ['200']);
      assert.equal(urls(server).filter((url) => url === '/a').length, 2);
    });

    test(`${what} always: of batches with ${kind} two are lost, and then none is sent for a minute`, async () => {
      const server = spoiled(afterwards(spoil));
      const batcher = batcherOf(server, { idempotency: false, stream: false });
      const post = async () => (await Promise.allSettled([
        batcher.fetch(server.url('/a'), { method: 'POST' }), batcher.fetch(server.url('/b'), { method: other }),
      ]))[0].status;

      assert.deepEqual([await post(), await post()], ['rejected', 'rejected']);
      await rest();
      assert.deepEqual([batcher.state.mode, await post()], ['off', 'fulfilled']);
      assert.equal(server.batches.length, 2);
    });
  }

  test(`${what}: a batch of the page's own that may not be repeated is lost once`, async (t) => {
    session(t);
    const server = spoiled((next, { path }) => (/=200/.test(path) ? next() : afterwards(spoil)(next)));
    const batcher = batcherOf(server);
    const post = () => batcher.batch([{ method: 'POST', url: '/a' }], { idempotencyKey: false });

    await assert.rejects(post(), TypeError);
    assert.equal((await post()).responses[0].status, 200);
    assert.equal(batcher.state.mode, '200');
  });

  test(`${what}: what is keyed is sent again where keys are kept, and runs once`, async () => {
    const server = spoiled(afterwards(spoil));
    const { fetch } = batcherOf(server);

    const all = await Promise.all(['/a', '/b'].map((path) => fetch(server.url(path), { method: 'POST' })));

    assert.deepEqual(await Promise.all(all.map((response) => response.json())), [{ url: '/a' }, { url: '/b' }]);
    assert.deepEqual(urls(server), ['/a', '/b']);
  });

  test(`${what}: what is keyed is not sent again where nobody keeps keys`, async () => {
    const server = spoiled(afterwards(spoil), { keys: false });
    const { fetch } = batcherOf(server);

    const results = await Promise.allSettled(['/a', '/b'].map((path) => fetch(server.url(path), { method: 'POST' })));

    assert.deepEqual(results.map(({ status }) => status), ['rejected', 'rejected']);
    assert.deepEqual(urls(server), ['/a', '/b']);
  });
}

/** A server whose next batch is lost on its way as often as `losses` says, whatever it asks for. */
function losing(settings) {
  const server = spoiled(async (next) => {
    if (server.losses-- > 0) {
      await next();
      throw new TypeError('reset');
    }
    return next();
  }, settings);
  return Object.assign(server, { losses: 0 });
}

/** What was sent since this was asked last, but for `GET /batch`. */
const sentTo = (server) => server.seen.splice(0).filter((line) => line !== 'GET /batch');
const AS_200 = 'POST /batch?multi-status=200';
const many = (batcher, server, method, count = 20) => Promise.allSettled(Array.from({ length: count },
  (_, at) => batcher.fetch(server.url(`/${at}`), { method })));

test('a connection that is lost now and then never makes many single requests of a batch', async (t) => {
  const stored = session(t);
  const server = losing();
  const batcher = batcherOf(server);
  const sent = [];

  for (let round = 0; round < 3; round++) {
    server.losses = 1;
    assert.ok((await many(batcher, server, 'GET')).every(({ value }) => value?.status === 200));
    await rest();
    sent.push(sentTo(server));
  }

  assert.deepEqual(sent, [['POST /batch', AS_200], [AS_200, AS_200], [AS_200, AS_200]]);
  assert.deepEqual([batcher.state.mode, ...stored.values()], ['200', '200']);
});

test('a loss after one in which nothing could be sent again is no reason to give up batches, and none for the session', async (t) => {
  const stored = session(t);
  const server = losing({ keys: false });
  const batcher = batcherOf(server);

  server.losses = 1;
  assert.ok((await many(batcher, server, 'POST')).every(({ status }) => status === 'rejected'));
  server.losses = 1;
  assert.ok((await many(batcher, server, 'GET')).every(({ value }) => value?.status === 200));

  await rest();
  assert.deepEqual(sentTo(server), ['POST /batch', AS_200, AS_200]);
  assert.deepEqual([batcher.state.mode, ...stored.values()], ['200'], 'that 207 is lost has not been seen');
});

test('where 207 is known to be lost, one batch more that cannot be sent again ends nothing, and two in a row do', async (t) => {
  session(t, { 'multistatus:/batch': '200' });
  const server = losing({ keys: false });
  const batcher = batcherOf(server);
  const modes = [];

  for (const losses of [1, 0, 1, 1]) {
    server.losses = losses;
    await many(batcher, server, 'POST', 2);
    modes.push(batcher.state.mode);
  }

  assert.deepEqual(sentTo(server), Array.from({ length: 4 }, () => AS_200));
  assert.deepEqual(modes, ['200', '200', '200', 'off']);
});

test('where 207 is known to be lost, batches that are lost twice go one by one, and are given up for a minute', async (t) => {
  session(t, { 'multistatus:/batch': '200' });
  const server = losing();
  const batcher = batcherOf(server);

  server.losses = 2;
  await many(batcher, server, 'GET', 2);
  await rest();

  assert.deepEqual(sentTo(server), [AS_200, AS_200, 'GET /0', 'GET /1']);
  assert.equal(batcher.state.mode, 'off');
});

test('where 207 is known to be lost, a batch of the page\'s own that is lost is posted again at once, and once', async (t) => {
  session(t, { 'multistatus:/batch': '200' });
  const server = losing();
  const { batch } = batcherOf(server);

  server.losses = 1;
  assert.equal((await batch([{ method: 'POST', url: '/a' }])).responses[0].status, 200);
  assert.deepEqual(sentTo(server), [AS_200, AS_200]);
  server.losses = 9;
  await assert.rejects(batch([{ url: '/b' }]), TypeError);

  assert.deepEqual(sentTo(server), [AS_200, AS_200]);
});

test('a batch of the page\'s own that works with 200 proves nothing for the session if 207 was lost without a repetition', async (t) => {
  const stored = session(t);
  const server = losing({ keys: false });
  const batcher = batcherOf(server);

  server.losses = 1;
  await assert.rejects(batcher.batch([{ method: 'POST', url: '/a' }]), TypeError);
  await batcher.batch([{ method: 'POST', url: '/b' }]);

  assert.deepEqual(sentTo(server), ['POST /batch', AS_200]);
  assert.deepEqual([...stored.values()], []);
});

test('what is keyed is sent again only where its path is among those whose keys are kept', async () => {
  const kept = ['/api', '/api/x', '/x', '/a/b.do'];
  const others = ['/apix', '/x/y', '/xx', '/b.dox', '/'];
  const server = spoiled(afterwards(() => html(502)), { paths: ['/api/*', '/x', '*.do'] });
  const { fetch } = batcherOf(server);

  const results = await Promise.allSettled([...kept, ...others].map((path) => fetch(server.url(path), { method: 'POST' })));

  assert.deepEqual(results.map(({ status }) => status), [...kept.map(() => 'fulfilled'), ...others.map(() => 'rejected')]);
  assert.ok(server.batches[0].every(({ headers }) => headers['idempotency-key']));
});

test('where nobody says whose keys are kept, nothing that changes something is sent again', async () => {
  const server = spoiled(afterwards(() => html(502)), { paths: undefined });
  server.way = ((way) => async (request, next, record) => (record.method === 'GET' && record.path === '/batch'
    ? json(200, { limits: {}, features: ['idempotency'] }) : way(request, next, record)))(server.way);
  const { fetch } = batcherOf(server);

  const results = await Promise.allSettled(['/a', '/b'].map((path) => fetch(server.url(path), { method: 'POST' })));

  assert.deepEqual(results.map(({ status }) => status), ['rejected', 'rejected']);
});

test('what is safe is sent again before it is known whether keys are kept', async () => {
  const introduction = later();
  const server = spoiled(() => html(502));
  server.way = ((way) => async (request, next, record) => {
    if (record.method === 'GET' && record.path === '/batch') {
      await introduction.promise;
      return next();
    }
    return way(request, next, record);
  })(server.way);
  const { fetch } = batcherOf(server);

  const post = fetch(server.url('/post'), { method: 'POST' });
  assert.equal((await fetch(server.url('/get'))).status, 200);
  introduction.resolve();
  assert.equal((await post).status, 200);
});

for (const lines of [0, 1, 2, 3]) {
  test(`a stream that is cut off after ${lines} lines: the rest is asked for without streaming`, async () => {
    const server = spoiled(async (next, record, number) => (number === 1 ? cutAfter(lines, await next()) : next()));
    const batcher = batcherOf(server);

    const all = await Promise.all(['/a', '/b', '/c'].map((path) => batcher.fetch(server.url(path)).then((response) => response.json())));

    assert.deepEqual(all, [{ url: '/a' }, { url: '/b' }, { url: '/c' }]);
    const rest = server.batches[1]?.length ?? server.seen.filter((line) => /^GET \/[abc]$/.test(line)).length;
    assert.equal(rest, 3 - lines);
    if (server.batches[1]) {
      assert.equal(server.requests.filter(isBatch)[1].headers.get('Accept'), 'application/json');
      assert.equal(batcher.state.mode, '207');
    }
  });
}

test('streams that are always cut off are not asked for any more', async () => {
  const server = spoiled(async (next, { headers }) => (/ndjson/.test(headers.get('Accept')) ? cutAfter(0, await next()) : next()));
  const { fetch } = batcherOf(server);
  const two = () => Promise.all(['/a', '/b'].map((path) => fetch(server.url(path))));

  await two();
  await two();

  assert.deepEqual(server.requests.filter(isBatch).map(({ headers }) => headers.get('Accept')), ['application/x-ndjson', 'application/json', 'application/json']);
});

test('a stream that is cut off, of calls that may not be repeated, is the last one', async () => {
  const server = spoiled(async (next, { headers }) => (/ndjson/.test(headers.get('Accept')) ? cutAfter(0, await next()) : next()));
  const { fetch } = batcherOf(server, { stream: true, idempotency: false });
  const two = () => Promise.allSettled(['/a', '/b'].map((path) => fetch(server.url(path), { method: 'POST' })));

  assert.deepEqual((await two()).map(({ status }) => status), ['rejected', 'rejected']);
  assert.deepEqual((await two()).map(({ status }) => status), ['fulfilled', 'fulfilled']);
});

test('an answer in which one is missing has the others, and that one is asked for again', async () => {
  const server = spoiled(async (next, record, number) => {
    const response = await next();
    const envelope = JSON.parse(await response.text());
    envelope.responses.splice(number === 1 ? 1 : 9, 1);
    return new Response(JSON.stringify(envelope), response);
  });
  const { fetch } = batcherOf(server, { stream: false });

  const all = await Promise.all(['/a', '/b', '/c'].map((path) => fetch(server.url(path)).then((response) => response.json())));

  assert.deepEqual(all, [{ url: '/a' }, { url: '/b' }, { url: '/c' }]);
  assert.deepEqual(urls(server), ['/a', '/b', '/c', '/b']);
});

test('entries for nobody are ignored, and the second for somebody too', async () => {
  const server = spoiled(async (next) => {
    const response = await next();
    const envelope = JSON.parse(await response.text());
    envelope.responses.push({ ...envelope.responses[0], body: 'again' }, ...['7', 'length', null].map((id) => ({ ...envelope.responses[0], id })));
    return new Response(JSON.stringify(envelope), response);
  });
  const { fetch } = batcherOf(server, { stream: false });

  const all = await Promise.all(['/a', '/b'].map((path) => fetch(server.url(path)).then((response) => response.json())));

  assert.deepEqual(all, [{ url: '/a' }, { url: '/b' }]);
});

/** What says that nothing has run, and whether batches are tried again next time. */
for (const [what, refuse, off] of [
  ['a redirect to a login page', () => Object.defineProperty(new Response(null, { status: 200 }), 'type', { value: 'opaqueredirect' }), true],
  ['302', () => new Response(null, { status: 302, headers: { Location: '/login' } }), true],
  ['401', () => html(401), false],
  ['403 of the endpoint', () => problem(403, 'foreign-page'), false],
  ['404', () => html(404), true],
  ['405', () => html(405), true],
  ['405 of the endpoint', () => problem(405, 'method-not-allowed'), true],
  ['501 of the endpoint', () => problem(501, 'unsupported-container'), true],
  ['400 of the endpoint', () => problem(400, 'malformed-batch'), true],
  ['411', () => html(411), true],
  ['413', () => html(413), false],
  ['414', () => html(414), true],
  ['415', () => html(415), true],
  ['421', () => html(421), true],
  ['426', () => html(426), true],
  ['431', () => html(431), true],
]) {
  test(`${what}: nothing has run, so all go alone, those without keys too`, async () => {
    const server = spoiled(() => refuse(), { keys: false });
    const batcher = batcherOf(server, { idempotency: false });

    const all = await Promise.all([
      batcher.fetch(server.url('/a'), { method: 'POST', body: 'x' }), batcher.fetch(server.url('/b')),
    ].map(async (call) => (await call).json()));

    assert.deepEqual(all, [{ url: '/a' }, { url: '/b' }]);
    assert.deepEqual(urls(server).sort(), ['/a', '/b']);
    assert.equal(Buffer.from(server.ran.find(({ url }) => url === '/a').bytes).toString(), 'x');
    assert.equal(batcher.state.mode, off ? 'off' : '207');
  });
}

for (const status of [400, 403, 406, 409, 418, 451]) {
  test(`${status} of somebody in front, who may have looked at the answer: only what is safe, or keyed where keys are kept, goes alone`, async () => {
    const server = spoiled(afterwards(() => html(status)), { paths: ['/b'] });
    const batcher = batcherOf(server, { idempotency: false });
    const post = (path, headers) => batcher.fetch(server.url(path), { method: 'POST', headers });

    const results = await Promise.allSettled([post('/a'), post('/b', { 'Idempotency-Key': '"b"' }), batcher.fetch(server.url('/c'))]);

    assert.deepEqual(results.map((result) => result.status), ['rejected', 'fulfilled', 'fulfilled']);
    assert.match(results[0].reason.message, /\/a; it may have run/);
    assert.deepEqual(urls(server), ['/a', '/b', '/c', '/c']);
  });

  test(`${status} of somebody in front, where the app keeps no keys: those that a call has by default are not relied on`, async () => {
    const server = spoiled(afterwards(() => html(status)), { keys: false });
    const { fetch } = batcherOf(server);

    const results = await Promise.allSettled(['/pay', '/order'].map((path) => fetch(server.url(path), { method: 'POST', body: 'x' })));

    assert.deepEqual(urls(server), ['/pay', '/order']);
    results.forEach(({ reason }) => assert.match(reason.message, /it may have run/));
  });
}

test('503 of a proxy that is no problem of the endpoint may have run', async () => {
  const server = spoiled(afterwards(() => html(503)), { keys: false });
  const { fetch } = batcherOf(server);

  const results = await Promise.allSettled(['/a', '/b'].map((path) => fetch(server.url(path), { method: 'POST' })));

  assert.deepEqual(results.map(({ status }) => status), ['rejected', 'rejected']);
  assert.equal(server.ran.length, 2);
});

test('a server that is gone: all reject with what fetch rejects with, and batches are not given up', async () => {
  const gone = new TypeError('Failed to fetch');
  const server = serverOf({ way: () => { throw gone; } });
  const batcher = batcherOf(server);

  const results = await Promise.allSettled(['/a', '/b'].map((path) => batcher.fetch(server.url(path))));

  results.forEach(({ reason }) => assert.equal(reason, gone));
  assert.equal(batcher.state.mode, '207');
  server.way = (request, next) => next();
  await Promise.all(['/a', '/b'].map((path) => batcher.fetch(server.url(path))));
  assert.equal(server.seen[server.seen.length - 1], 'POST /batch', 'nor is 207');
});

test('a proxy whose server is gone: all are answered with 502, and batches are not given up', async () => {
  const server = serverOf({ way: () => html(502) });
  const batcher = batcherOf(server);

  const all = await Promise.all(['/a', '/b'].map((path) => batcher.fetch(server.url(path))));

  assert.deepEqual(all.map(({ status }) => status), [502, 502]);
  assert.equal(batcher.state.mode, '207');
});

test('keys are asked about once for all when nothing answers', async () => {
  const server = serverOf({ way: () => { throw new TypeError('gone'); } });
  const { fetch } = batcherOf(server);

  await Promise.allSettled(Array.from({ length: 30 }, (_, at) => fetch(server.url(`/${at}`), { method: 'POST' })));

  assert.ok(server.seen.length <= 4, server.seen.join());
});

test('storage that is forbidden harms nobody', async (t) => {
  Object.defineProperty(globalThis, 'sessionStorage', { configurable: true, get() { throw new Error('SecurityError'); } });
  t.after(() => delete globalThis.sessionStorage);
  const server = spoiled((next, { path }) => (/=200/.test(path) ? next() : html(502)));
  const batcher = batcherOf(server);

  await Promise.all(['/a', '/b'].map((path) => batcher.fetch(server.url(path))));
  await rest();

  assert.equal(batcher.state.mode, '200');
});

test('answers come as they are ready, and a slow one holds up nobody', async () => {
  const slow = later();
  const server = serverOf({ app: ({ url }) => (url === '/slow' ? slow.promise : { url }) });
  const { fetch } = batcherOf(server);
  const order = [];
  const calls = ['/slow', '/a', '/b'].map((path) => fetch(server.url(path)).then(() => order.push(path)));

  await Promise.all(calls.slice(1));
  assert.deepEqual(order, ['/a', '/b']);
  slow.resolve({});
  await calls[0];

  assert.equal(server.batches.length, 1);
});

test('batches with something that changes something are not streamed, unless it is said', async () => {
  const server = serverOf();
  const two = (options) => {
    const { fetch } = batcherOf(server, options);
    return Promise.all([fetch(server.url('/a'), { method: 'POST' }), fetch(server.url('/b'))]);
  };

  await two();
  await two({ stream: true });

  assert.deepEqual(server.requests.filter(isBatch).map(({ headers }) => headers.get('Accept')), ['application/json', 'application/x-ndjson']);
});

test('a GET whose cookies came too late is asked for again, alone, and nothing is streamed any more', async () => {
  const server = serverOf({ app: ({ url }) => new Response(url, url === '/c' ? { headers: { 'Set-Cookie': 'a=b' } } : {}) });
  const { fetch } = batcherOf(server);
  const two = () => Promise.all(['/c', '/b'].map((path) => fetch(server.url(path))));

  await two();
  await two();

  assert.equal(server.seen.filter((line) => line === 'GET /c').length, 1);
  assert.deepEqual(server.requests.filter(isBatch).map(({ headers }) => headers.get('Accept')), ['application/x-ndjson', 'application/json']);
});

test('an endpoint that does not say what it keeps is not waited for without end', async (t) => {
  const { timeout } = AbortSignal;
  t.mock.method(AbortSignal, 'timeout', () => timeout.call(AbortSignal, 20));
  const server = spoiled(afterwards(() => html(502)));
  server.way = ((way) => (request, next, record) => (record.method === 'GET' && record.path === '/batch' ? new Promise(() => {}) : way(request, next, record)))(server.way);
  const { fetch } = batcherOf(server);
  // Signals of timeouts do not keep a process alive.
  const alive = setTimeout(() => {}, 10000);

  const results = await Promise.allSettled(['/a', '/b'].map((path) => fetch(server.url(path), { method: 'POST' })));
  clearTimeout(alive);

  assert.deepEqual(results.map(({ reason }) => reason.constructor), [TypeError, TypeError]);
});

/** Where what sees to trouble cannot be loaded either. */
const unaided = (server, options) => batcherWith(() => Promise.reject(new TypeError('not loaded')), { endpoint: server.endpoint, fetch: server.fetch, ...options });

for (const [what, spoil, unkeyed] of [
  ['502 after it has run', afterwards(() => html(502)), 'rejected'],
  ['403 after it has run', afterwards(() => html(403)), 'rejected'],
  ['nothing', afterwards(() => { throw new TypeError('reset'); }), 'rejected'],
  ['a redirect to a login page', () => Object.defineProperty(new Response(), 'status', { value: 0 }), 'fulfilled'],
  ['401', () => html(401), 'fulfilled'],
  ['413', () => html(413), 'fulfilled'],
  ['431', () => html(431), 'fulfilled'],
]) {
  test(`a batch that is answered with ${what} when nothing more can be loaded: what may be sent again goes alone`, async () => {
    const server = spoiled(spoil, { paths: ['/kept/*'] });
    const { fetch } = unaided(server);

    const results = await Promise.allSettled([
      fetch(server.url('/a')), fetch(server.url('/kept/b'), { method: 'POST' }), fetch(server.url('/c'), { method: 'POST' }),
    ]);

    assert.deepEqual(results.map((result) => result.status), ['fulfilled', 'fulfilled', unkeyed]);
    assert.equal(urls(server).filter((url) => url === '/c').length, 1);
  });
}

test('an item that a batch does not do justice to has what answer there is when nothing more can be loaded', async () => {
  const server = serverOf({
    app: ({ url, signal }) => (!signal && /slow/.test(url) ? problem(504, 'timeout')
      : !signal && /denied/.test(url) ? Object.assign(problem(403, 'forbidden-target'), { refused: true }) : { url }),
  });
  const { fetch } = unaided(server, { idempotency: false });

  const all = await Promise.all([['/slow'], ['/slow', 'POST'], ['/denied', 'POST'], ['/a']].map(([path, method]) => fetch(server.url(path), { method })));

  assert.deepEqual(all.map(({ status }) => status), [200, 504, 200, 200]);
});

/** An app whose calls are answered only by themselves. */
const onlyAlone = (inBatch) => ({ url, signal }) => (/slow/.test(url) && !signal ? inBatch() : { url });

for (const [what, inBatch] of [
  ['has no time for', () => problem(504, 'timeout', { setting: 'itemTimeout' })],
  ['has no login for (Basic)', () => new Response('', { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="admin"' } })],
  ['has no login for (Negotiate)', () => new Response('', { status: 401, headers: { 'WWW-Authenticate': 'Negotiate' } })],
]) {
  test(`what a batch ${what} goes alone if it may be sent again, and its path does for a while`, async (t) => {
    t.mock.timers.enable({ apis: ['Date'] });
    const server = serverOf({ app: onlyAlone(inBatch), paths: ['/kept/*'] });
    const { fetch } = batcherOf(server);
    const all = async () => (await Promise.all([
      fetch(server.url('/slow')), fetch(server.url('/kept/slow'), { method: 'POST' }), fetch(server.url('/slow/post'), { method: 'POST' }),
      fetch(server.url('/a')), fetch(server.url('/b')),
    ])).map((response) => response.status);
    const { status } = inBatch();

    // An answer that is no failure is kept under the key.
    assert.deepEqual(await all(), [200, status === 504 ? 200 : 401, status, 200, 200]);
    assert.deepEqual(await all(), [200, 200, 200, 200, 200]);
    assert.deepEqual(server.batches.map((batch) => batch.length), [5, 2]);
    t.mock.timers.tick(60001);
    await all();
    assert.equal(server.batches[2].length, 5);
  });
}

for (const [what, challenge, init] of [
  ['a token that is not valid any more', 'Bearer error="invalid_token"', {}],
  ['a login of the page\'s own that is wrong', 'Basic realm="admin"', { headers: { Authorization: 'Basic eDp5' } }],
  ['no login where none is to be sent', 'Basic realm="admin"', { credentials: 'omit' }],
]) {
  test(`${what} is no reason to go alone`, async () => {
    const server = serverOf({ app: onlyAlone(() => new Response('', { status: 401, headers: { 'WWW-Authenticate': challenge } })) });
    const { fetch } = batcherOf(server);

    const [response] = await Promise.all(['/slow', '/a'].map((path) => fetch(server.url(path), init)));

    assert.equal(response.status, 401);
    assert.equal(server.ran.length, 2);
  });
}

test('a line that comes in many pieces, cut within characters, is one', async (t) => {
  const lines = `{"id":"0","status":200,"headers":{"Content-Type":"text/plain"},"body":"${'ü'.repeat(3000)}","bodyEncoding":"text"}\n\n`
    + '{"id":"1","status":200,"headers":{}}\r\n{"status":207,"summary":{"total":2,"retryable":[]}}';
  const server = http.createServer(async (request, response) => {
    response.writeHead(207, { 'Content-Type': 'application/x-ndjson' });
    const bytes = Buffer.from(lines);
    for (let at = 0; at < bytes.length; at += 701) {
      response.write(bytes.subarray(at, at + 701));
      await new Promise(setImmediate);
    }
    response.end();
  }).listen(0, '127.0.0.1');
  t.after(() => server.closeAllConnections() ?? server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}`;
  const { fetch } = createBatcher({ endpoint: `${url}/batch` });

  const [first, second] = await Promise.all([fetch(`${url}/a`), fetch(`${url}/b`)]);

  assert.equal(await first.text(), 'ü'.repeat(3000));
  assert.equal(await second.text(), '');
});
