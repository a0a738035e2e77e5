import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBatcher } from '../../main/js/batch.js';
import { delayBefore, mayPass, retryAfterOf } from '../../main/js/retries.js';
import { later, problem, serverOf } from './server.mjs';

const batcherOf = (server, options) => createBatcher({ endpoint: server.endpoint, fetch: server.fetch, ...options });
const quick = (tries) => ({ tries, minDelay: 1 });
const fails = (times, status = 503, headers = {}) => {
  const asked = new Map();
  return ({ url }) => {
    asked.set(url, (asked.get(url) ?? 0) + 1);
    return /fail/.test(url) && asked.get(url) <= times ? new Response('no', { status, headers }) : { url };
  };
};

/** Lets what waits for nothing but other promises go on, while the clock is held. */
const settled = async () => {
  for (let i = 0; i < 50; i++) {
    await new Promise(setImmediate);
  }
};

test('the wait doubles, is half to all of it at random, and has an end', () => {
  for (const [attempt, most] of [[1, 100], [2, 200], [3, 400], [4, 500], [5, 500]]) {
    const policy = { tries: 5, minDelay: 100, maxDelay: 500 };
    assert.equal(delayBefore(policy, attempt, 0, 0), most / 2);
    assert.equal(delayBefore(policy, attempt, 0, 1), most);
    const drawn = delayBefore(policy, attempt, 0);
    assert.ok(drawn >= most / 2 && drawn <= most);
  }
  assert.equal(delayBefore({ tries: 5 }, 6, 0), undefined);
  assert.equal(delayBefore(0, 1, 0), undefined);
  assert.equal(delayBefore(1, 1, 0, 1), 250);
  assert.equal(delayBefore(1, 2, 0), undefined);
  assert.equal(delayBefore({ minDelay: 1 }, 1, 0), undefined, 'no tries are said');
});

test('Retry-After is respected, and a little more; one beyond maxDelay is final', () => {
  assert.equal(delayBefore({ tries: 1, minDelay: 100 }, 1, 3, 1), 3010);
  assert.equal(delayBefore({ tries: 1, maxDelay: 2999 }, 1, 3), undefined);
});

test('Retry-After is a number of seconds or a date', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 1) });
  const of = (value) => retryAfterOf({ headers: new Headers(value === undefined ? {} : { 'Retry-After': value }) });

  assert.deepEqual(['3', 'Thu, 01 Jan 2026 00:00:07 GMT', 'Wed, 31 Dec 2025 23:59:00 GMT', 'soon', '', '-4', undefined].map(of), [3, 7, 0, 0, 0, 0, 0]);
});

test('what may pass is what the endpoint says of it', () => {
  const may = (status, headers = {}) => mayPass({ status, headers: new Headers(headers) });

  assert.deepEqual([408, 425, 429, 500, 502, 503, 504, 507].filter((status) => !may(status)), []);
  assert.deepEqual([200, 304, 400, 404, 409, 422, 501, 505].filter((status) => may(status)), []);
  assert.ok(may(409, { 'Retry-After': '1' }));
});

test('without a policy nothing is tried again', async () => {
  const server = serverOf({ app: fails(1) });
  const { fetch } = batcherOf(server);

  const all = await Promise.all(['/fail', '/a'].map((path) => fetch(server.url(path))));

  assert.deepEqual(all.map(({ status }) => status), [503, 200]);
  assert.equal(server.ran.length, 2);
});

test('what has failed for now is tried again, and together', async () => {
  const server = serverOf({ app: fails(1) });
  const items = [];
  const { fetch } = batcherOf(server, { retry: quick(3), onItem: (event) => items.push(event) });

  const all = await Promise.all(['/fail/1', '/fail/2', '/a'].map((path) => fetch(server.url(path))));

  assert.deepEqual(all.map(({ status }) => status), [200, 200, 200]);
  assert.deepEqual(server.batches.map((batch) => batch.map(({ url }) => url)), [['/fail/1', '/fail/2', '/a'], ['/fail/1', '/fail/2']]);
  assert.deepEqual(items.filter(({ url }) => /1/.test(url)).map(({ attempt, again, request }) => [attempt, again, request]), [[1, true, 1], [2, false, 2]]);
});

test('tries have an end, and then the answer is handed on', async () => {
  const server = serverOf({ app: fails(9) });
  const { fetch } = batcherOf(server, { retry: quick(2) });

  const all = await Promise.all(['/fail/1', '/fail/2'].map((path) => fetch(server.url(path))));

  assert.deepEqual(all.map(({ status }) => status), [503, 503]);
  assert.equal(await all[0].text(), 'no');
  assert.equal(server.ran.length, 6);
});

test('nothing is tried again before its time', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  t.mock.method(Math, 'random', () => 0);
  const server = serverOf({ app: fails(1, 503, { 'Retry-After': '2' }) });
  const { fetch } = batcherOf(server, { retry: { tries: 1, minDelay: 100 } });
  const calls = ['/fail/1', '/fail/2'].map((path) => fetch(server.url(path)));
  await settled();
  t.mock.timers.tick(0);
  await settled();
  assert.equal(server.ran.length, 2);

  t.mock.timers.tick(2004);
  await settled();
  assert.equal(server.ran.length, 2);
  t.mock.timers.tick(1);
  await settled();
  t.mock.timers.tick(0);
  await settled();

  assert.equal(server.ran.length, 4);
  await Promise.all(calls);
});

test('only what the summary calls retryable is tried again', async () => {
  const server = serverOf({
    app: fails(1),
    way: async (request, next, { path, method }) => {
      const response = await next();
      return path === '/batch' && method === 'POST'
        ? new Response((await response.text()).replace(/"retryable":\["0","1"\]/, '"retryable":["1"]'), response) : response;
    },
  });
  const { fetch } = batcherOf(server, { retry: quick(2), stream: false });

  const all = await Promise.all(['/fail/1', '/fail/2'].map((path) => fetch(server.url(path), { method: 'POST' })));

  assert.deepEqual(all.map(({ status }) => status), [503, 200]);
});

test('what changes something is tried again under the same key, where keys are kept', async () => {
  const server = serverOf({ app: fails(1) });
  const { fetch } = batcherOf(server, { retry: quick(2) });

  const all = await Promise.all(['/fail/1', '/fail/2'].map((path) => fetch(server.url(path), { method: 'POST' })));

  assert.deepEqual(all.map(({ status }) => status), [200, 200]);
  const keys = server.batches.map((batch) => batch.map(({ headers }) => headers['idempotency-key']));
  assert.deepEqual(keys[0], keys[1]);
  assert.equal(new Set(keys[0]).size, 2);
  keys[0].forEach((key) => assert.match(key, /^"\d+(-\d+){3}"$/));
});

test('a key of the page\'s own is kept', async () => {
  const server = serverOf();
  const { fetch } = batcherOf(server);

  await Promise.all(['/a', '/b'].map((path) => fetch(server.url(path), { method: 'POST', headers: { 'Idempotency-Key': '"mine"' } })));

  assert.deepEqual(server.batches[0].map(({ headers }) => headers['idempotency-key']), ['"mine"', '"mine"']);
  assert.equal(server.requests[0].headers.get('Idempotency-Key'), null, 'not that of the batch');
});

for (const [what, options, settings] of [
  ['where nobody keeps keys', {}, { keys: false }],
  ['without a key', { idempotency: false }, {}],
]) {
  test(`what changes something is not tried again ${what}`, async () => {
    const server = serverOf({ app: fails(1), ...settings });
    const { fetch } = batcherOf(server, { retry: quick(2), ...options });

    const all = await Promise.all(['/fail/1', '/a'].map((path) => fetch(server.url(path), { method: 'POST' })));

    assert.deepEqual(all.map(({ status }) => status), [503, 200]);
    assert.equal(server.ran.length, 2);
  });
}

test('a call that goes alone is tried again as well, after an answer and after none', async () => {
  let asked = 0;
  const server = serverOf({
    way: (request, next) => {
      asked++;
      if (asked === 1) {
        throw new TypeError('gone');
      }
      return asked === 2 ? new Response('', { status: 502 }) : next();
    },
  });
  const { fetch } = batcherOf(server, { retry: quick(2) });

  const response = await fetch(server.url('/a'));

  assert.equal(response.status, 200);
  assert.equal(asked, 3);
});

test('a batch that is refused for now is tried again as a batch, when it is asked to', async () => {
  let refused = 0;
  const server = serverOf({
    way: (request, next, { path, method }) => (path === '/batch' && method === 'POST' && refused++ < 2 ? problem(503, 'overloaded') : next()),
  });
  const { fetch } = batcherOf(server, { retry: quick(3) });

  const all = await Promise.all(['/a', '/b'].map((path) => fetch(server.url(path))));

  assert.deepEqual(all.map(({ status }) => status), [200, 200]);
  assert.deepEqual(server.seen.filter((line) => line !== 'GET /batch'), Array(3).fill('POST /batch'));
});

for (const [status, refuse] of [[429, () => new Response('<h1>', { status: 429 })], [503, () => problem(503, 'overloaded')]]) {
  test(`a batch that is refused with ${status} is sent again some times without a policy, with calls that have no key as well`, async (t) => {
    t.mock.method(Math, 'random', () => 0);
    t.mock.timers.enable({ apis: ['setTimeout'] });
    let refused = 0;
    const server = serverOf({
      way: (request, next, { path, method }) => (path === '/batch' && method === 'POST' && refused++ < 3 ? refuse() : next()), keys: false,
    });
    const { fetch } = batcherOf(server, { idempotency: false });
    const calls = Promise.all(['/a', '/b'].map((path) => fetch(server.url(path), { method: 'POST' })));
    for (const millis of [0, 125, 0, 250, 0, 500, 0]) {
      await settled();
      t.mock.timers.tick(millis);
    }

    assert.deepEqual((await calls).map((response) => response.status), [200, 200]);
    assert.deepEqual(server.seen.filter((line) => line !== 'GET /batch'), Array(4).fill('POST /batch'));
  });
}

test('a batch that is refused again and again goes alone in the end', async () => {
  const server = serverOf({
    way: (request, next, { path, method }) => (path === '/batch' && method === 'POST' ? new Response('', { status: 429 }) : next()), keys: false,
  });
  const { fetch } = batcherOf(server, { retry: quick(2), idempotency: false });

  const all = await Promise.all(['/a', '/b'].map((path) => fetch(server.url(path), { method: 'POST' })));

  assert.deepEqual(all.map(({ status }) => status), [200, 200]);
  assert.deepEqual(server.seen.filter((line) => line !== 'GET /batch'), [...Array(3).fill('POST /batch'), 'POST /a', 'POST /b']);
});

for (const [what, retry, header] of [['without a policy', 0, '11'], ['with one', { tries: 5, maxDelay: 20000 }, '21']]) {
  test(`a batch that is refused for longer than the longest wait, ${what}: each call is answered as if it had been refused`, async () => {
    const events = [];
    const server = serverOf({
      way: (request, next, { path, method }) => (path === '/batch' && method === 'POST'
        ? problem(503, 'overloaded', {}, { 'Retry-After': header }) : next()),
    });
    const { fetch } = batcherOf(server, { retry, onItem: (event) => events.push(event) });

    const all = await Promise.all(['/a', '/b'].map((path) => fetch(server.url(path), { method: 'POST' })));

    assert.deepEqual(all.map(({ status, url, headers }) => [status, url, headers.get('Retry-After')]), ['/a', '/b'].map((path) => [503, server.url(path), header]));
    assert.equal((await all[0].json()).type, 'urn:multistatus:overloaded');
    assert.equal(server.ran.length, 0);
    assert.deepEqual(server.seen.filter((line) => !/batch/.test(line)), []);
    assert.deepEqual(events.filter(({ again }) => !again).map(({ status }) => status), [503, 503]);
  });
}

test('what was lost and is running still is waited for, without a policy too', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const slow = later();
  let batches = 0;
  const server = serverOf({
    app: async ({ url }) => ({ url, made: await slow.promise }),
    way: (request, next, { path, method }) => {
      const answer = next();
      if (/^\/batch/.test(path) && method === 'POST' && ++batches === 1) {
        throw new TypeError('lost');
      }
      return answer;
    },
  });
  const { fetch } = batcherOf(server);
  const calls = ['/a', '/b'].map((path) => fetch(server.url(path), { method: 'POST' }));

  for (let i = 0; i < 40; i++) {
    await settled();
    t.mock.timers.tick(500);
    if (i === 20) {
      slow.resolve(true);
    }
  }

  assert.deepEqual(await Promise.all((await Promise.all(calls)).map((response) => response.json())), ['/a', '/b'].map((url) => ({ url, made: true })));
  assert.deepEqual(server.ran.map(({ url }) => url), ['/a', '/b']);
  assert.ok(server.batches.length > 3);
});

test('failed items of a stream without an end are tried again too', async () => {
  let batches = 0;
  const server = serverOf({
    app: fails(1),
    way: async (request, next, { path, method }) => {
      const response = await next();
      return path === '/batch' && method === 'POST' && ++batches === 1
        ? new Response((await response.text()).replace(/\{"status":207.*\n/, ''), response) : response;
    },
  });
  const { fetch } = batcherOf(server, { retry: quick(2) });

  const all = await Promise.all(['/fail', '/a'].map((path) => fetch(server.url(path))));

  assert.deepEqual(all.map(({ status }) => status), [200, 200]);
});

test('a call that went alone, was lost and runs still is waited for', async () => {
  const slow = later();
  let asked = 0;
  const server = serverOf({
    app: () => slow.promise,
    way: (request, next, { method }) => {
      const answer = next();
      if (method === 'POST' && ++asked === 1) {
        throw new TypeError('lost');
      }
      if (asked === 3) {
        slow.resolve({ made: true });
      }
      return answer.then((response) => (response.status === 409 ? problem(409, 'idempotency-key-in-use', {}, { 'Retry-After': '0.001' }) : response));
    },
  });
  const { fetch } = batcherOf(server, { retry: quick(1) });

  const response = await fetch(server.url('/a'), { method: 'POST' });

  assert.deepEqual(await response.json(), { made: true });
});

test('a policy that is none tries nothing again', async () => {
  const server = serverOf({ app: fails(9) });
  const { fetch } = batcherOf(server, { retry: null });

  const all = await Promise.all(['/fail/1', '/fail/2'].map((path) => fetch(server.url(path))));

  assert.deepEqual(all.map(({ status }) => status), [503, 503]);
});
