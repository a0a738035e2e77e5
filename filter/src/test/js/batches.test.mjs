import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BatchError, createBatcher } from '../../main/js/batch.js';
import { cutAfter, later, problem, serverOf } from './server.mjs';

const batcherOf = (server, options) => createBatcher({ endpoint: server.endpoint, fetch: server.fetch, ...options });
const isBatch = ({ path, method }) => method === 'POST' && /^\/batch(\?|$)/.test(path);
const gone = () => { throw new TypeError('gone'); };

function spoiled(spoil, settings) {
  let batches = 0;
  return serverOf({ ...settings, way: (request, next, record) => (isBatch(record) ? spoil(next, ++batches, record) : next()) });
}

test('a batch is posted as it is written, and answered in its order', async () => {
  const server = serverOf({ app: ({ url, method }) => (url === '/none' ? new Response('', { status: 404 }) : { url, method }) });
  const { batch } = batcherOf(server, { headers: { 'X-Page': 'p' } });

  const result = await batch([
    { id: 'cart', method: 'POST', url: '/carts', body: { a: 1 }, atomicityGroup: 'g' },
    { url: '/carts/{$cart.body#/id}', dependsOn: ['cart'], headers: { 'X-Own': ['1', '2'] } },
    { id: undefined, method: undefined, url: '/none' },
    { id: 7, method: 'PUT', url: new URL('http://shop.test/bytes'), body: new Uint8Array([0, 255]) },
  ], { execution: 'sequential', continueOnError: false, headers: { Prefer: 'respond-nicely', 'X-More': 'm' } });

  assert.deepEqual(server.batches[0], [
    { id: 'cart', method: 'POST', url: '/carts', body: { a: 1 }, atomicityGroup: 'g' },
    { id: 1, method: 'GET', url: '/carts/{$cart.body#/id}', dependsOn: ['cart'], headers: { 'X-Own': ['1', '2'] } },
    { id: 2, method: 'GET', url: '/none' },
    { id: 7, method: 'PUT', url: 'http://shop.test/bytes', body: 'AP8=', bodyEncoding: 'base64' },
  ]);
  const { headers } = server.requests[0];
  assert.equal(headers.get('Prefer'), 'respond-nicely, execution=sequential, continue-on-error=false');
  assert.match(headers.get('Idempotency-Key'), /^"\d+(-\d+){3}"$/);
  assert.deepEqual([headers.get('X-Page'), headers.get('X-More')], ['p', 'm']);
  assert.deepEqual(result.responses.map(({ id, status, ok }) => [id, status, ok]), [['cart', 200, true], [1, 200, true], [2, 404, false], [7, 200, true]]);
  assert.deepEqual(result.get('cart').body, { url: '/carts', method: 'POST' });
  assert.equal(result.get('7'), result.get(7));
  assert.equal(result.get('no'), undefined);
  assert.equal(await result.get('cart').response.text(), '{"url":"/carts","method":"POST"}');
  assert.equal(result.get('cart').response.url, 'http://shop.test/carts');
  assert.deepEqual(result.summary, { total: 4, succeeded: 3, failed: 1, retryable: [] });
});

test('an empty batch is answered', async () => {
  const { batch } = batcherOf(serverOf());

  assert.deepEqual((await batch([])).responses, []);
});

test('a URL that is none costs only its own item', async () => {
  const server = serverOf({ app: ({ url }) => (url === 'http://[' ? problem(400, 'malformed-request') : {}) });

  const { responses } = await batcherOf(server).batch([{ url: 'http://[' }, { url: '/a' }]);

  assert.deepEqual(responses.map(({ status }) => status), [400, 200]);
});

test('bodies of answers are JSON, text, or null', async () => {
  const bodies = { '/json': ['{"a":1}', 'application/json'], '/text': ['abc', 'text/plain'], '/bytes': ['abc', 'image/png'] };
  const server = serverOf({
    app: ({ url }) => (bodies[url] ? new Response(bodies[url][0], { headers: { 'Content-Type': bodies[url][1] } }) : new Response(null, { status: 204 })),
  });

  const { responses } = await batcherOf(server).batch(['/json', '/text', '/bytes', '/none'].map((url) => ({ url })));

  assert.deepEqual(responses.map(({ body }) => body), [{ a: 1 }, 'abc', null, null]);
  assert.equal(await responses[2].response.text(), 'abc');
});

test('onItem and onProgress hear of items as they come, and what they throw harms nobody', async (t) => {
  t.mock.method(console, 'error', () => {});
  const slow = later();
  const server = serverOf({ app: ({ url }) => (url === '/slow' ? slow.promise : new Response('', { status: url === '/bad' ? 500 : 200 })) });
  const heard = [];
  const progress = [];
  const result = batcherOf(server).batch([{ id: 'slow', url: '/slow' }, { id: 'bad', url: '/bad' }, { id: 'a', url: '/a' }], {
    stream: true,
    onItem: ({ id, status }) => {
      heard.push([id, status]);
      slow.resolve({});
      throw new Error('listener');
    },
    onProgress: (one) => {
      progress.push(one);
      throw new Error('listener');
    },
  });

  assert.equal((await result).responses.length, 3);
  assert.deepEqual(heard, [['bad', 500], ['a', 200], ['slow', 200]]);
  assert.deepEqual(progress, [
    { total: 3, completed: 1, succeeded: 0, failed: 1 }, { total: 3, completed: 2, succeeded: 1, failed: 1 }, { total: 3, completed: 3, succeeded: 2, failed: 1 },
  ]);
});

test('a batch that is refused rejects with a BatchError that says why', async () => {
  const server = spoiled(() => problem(400, 'malformed-batch', { detail: 'item 1 has no url' }));

  await assert.rejects(batcherOf(server).batch([{ url: '/a' }]), (error) => {
    assert.ok(error instanceof BatchError && error instanceof Error);
    assert.deepEqual([error.name, error.status, error.message], ['BatchError', 400, 'item 1 has no url']);
    assert.equal(error.problem.type, 'urn:multistatus:malformed-batch');
    return true;
  });
  assert.equal(server.seen.length, 1);
});

test('what is refused for now is not posted again without a policy, be it a batch or a job', async () => {
  const server = spoiled(() => problem(503, 'overloaded', {}, { 'Retry-After': '0' }), { features: ['respond-async'] });
  const { batch, job } = batcherOf(server);

  await assert.rejects(batch([{ url: '/a' }]), { name: 'BatchError', status: 503 });
  await assert.rejects(job([{ url: '/a' }]), { name: 'BatchError', status: 503 });

  assert.equal(server.requests.filter(isBatch).length, 2);
});

test('a refusal without a problem is a BatchError as well', async () => {
  const server = spoiled(() => new Response('<h1>No</h1>', { status: 403 }));

  await assert.rejects(batcherOf(server).batch([{ url: '/a' }]), { name: 'BatchError', status: 403, problem: {}, message: 'The batch was answered with 403' });
});

for (const [what, spoil] of [
  ['lost', gone],
  ['answered with a 502', () => new Response('', { status: 502 })],
  ['cut off', async (response) => new Response((await response.text()).slice(0, 30), response)],
]) {
  test(`a batch whose answer is ${what} is posted again under its key, and runs once`, async () => {
    const server = spoiled(async (next, number) => {
      const response = await next();
      return number === 1 ? spoil(response) : response;
    });

    const { responses } = await batcherOf(server).batch([{ method: 'POST', url: '/a' }, { url: '/b' }]);

    assert.deepEqual(responses.map(({ body }) => body.url), ['/a', '/b']);
    const [first, second] = server.requests.filter(isBatch);
    assert.equal(first.headers.get('Idempotency-Key'), second.headers.get('Idempotency-Key'));
    assert.equal(second.path, '/batch?multi-status=200');
    assert.equal(server.ran.filter(({ url }) => url === '/a').length, 1);
  });
}

test('what a batch has found out about the way counts for all', async () => {
  const server = spoiled((next, number, { path }) => (path === '/batch' ? gone() : next()));
  const batcher = batcherOf(server);

  await batcher.batch([{ url: '/a' }]);
  assert.equal(batcher.state.mode, '200');
  await Promise.all(['/a', '/b'].map((path) => batcher.fetch(server.url(path))));

  assert.deepEqual(server.requests.filter(isBatch).map(({ path }) => path), ['/batch', '/batch?multi-status=200', '/batch?multi-status=200']);
});

test('a stream that is cut off is posted again without streaming', async () => {
  const server = spoiled(async (next, number) => (number === 1 ? cutAfter(1, await next()) : next()));

  await batcherOf(server).batch([{ url: '/a' }, { url: '/b' }], { stream: true });

  assert.deepEqual(server.requests.filter(isBatch).map(({ headers, path }) => [headers.get('Accept'), path]), [['application/x-ndjson', '/batch'], ['application/json', '/batch']]);
});

for (const [what, options, settings] of [
  ['without a key', { idempotencyKey: false }, {}],
  ['where nobody keeps keys', {}, { keys: false }],
]) {
  test(`a batch that is lost ${what} is not posted again if it changes something`, async () => {
    const server = spoiled(async (next) => { await next(); gone(); }, settings);
    const { batch } = batcherOf(server);

    await assert.rejects(batch([{ method: 'POST', url: '/a' }], options), TypeError);
    assert.equal(server.ran.length, 1);
  });
}

for (const [what, paths, item, again] of [
  ['that leads elsewhere', ['/api/*'], { url: '/other' }, false],
  ['that leads there', ['/api/*'], { url: '/api/{$a.body#/id}' }, true],
  ['by a URL that is relative to the endpoint', ['/api/*'], { url: 'api/x' }, true],
  ['by a URL that begins with a reference', ['/*'], { url: '{$a.headers.location}' }, false],
  ['by a URL that is none', ['/*'], { url: 'http://[' }, false],
]) {
  test(`a batch with a POST ${what} is ${again ? '' : 'not '}posted again, where keys are kept for ${paths}`, async () => {
    const server = spoiled(gone, { paths });
    const { batch } = batcherOf(server);

    await assert.rejects(batch([{ id: 'a', url: '/anywhere' }, { method: 'POST', ...item }]), TypeError);

    assert.equal(server.seen.filter((line) => /^POST/.test(line)).length, again ? 2 : 1);
  });
}

test('what is not written for calls goes with the credentials of the batcher', async () => {
  const server = serverOf();

  for (const credentials of [undefined, 'include']) {
    const { batch, job } = batcherOf(server, { credentials });
    await batch([{ url: '/a' }]);
    await assert.rejects(job([{ url: '/a' }]), BatchError);
  }

  assert.deepEqual(server.requests.map(({ request }) => `${request.method} ${request.credentials}`),
    ['POST same-origin', 'GET same-origin', 'POST include', 'GET include']);
});

test('a server that is gone is not waited for without a policy', async () => {
  const server = serverOf({ way: gone });
  const { batch } = batcherOf(server);

  await assert.rejects(batch([{ url: '/a' }]), ({ constructor, cause }) => constructor === TypeError && cause.message === 'gone');

  assert.deepEqual(server.seen, ['POST /batch', 'POST /batch?multi-status=200']);
});

test('a policy waits for a server that is gone, as often as it says', async () => {
  const server = spoiled((next, number) => (number < 4 ? gone() : next()));
  const { batch } = batcherOf(server, { retry: { tries: 2, minDelay: 1 } });

  assert.equal((await batch([{ url: '/a' }])).responses[0].status, 200);
  assert.equal(server.seen.length, 4);
  await assert.rejects(batcherOf(serverOf({ way: gone })).batch([{ url: '/a' }], { retry: { tries: 2, minDelay: 1 } }), TypeError);
});

test('items that may be tried again have the whole posted again under its key', async () => {
  let asked = 0;
  const server = serverOf({ app: ({ url }) => (url === '/fail' && ++asked < 3 ? new Response('', { status: 503 }) : { url }) });

  const { responses, summary } = await batcherOf(server).batch([{ method: 'POST', url: '/a' }, { method: 'POST', url: '/fail' }], { retry: { tries: 3, minDelay: 1 } });

  assert.deepEqual(responses.map(({ status }) => status), [200, 200]);
  assert.equal(summary.failed, 0);
  assert.equal(server.batches.length, 3);
  assert.deepEqual(server.ran.map(({ url }) => url), ['/a', '/fail', '/fail', '/fail']);
});

test('what has failed in the end is an answer', async () => {
  const server = serverOf({ app: () => new Response('', { status: 503 }) });

  const { responses } = await batcherOf(server, { retry: { tries: 2, minDelay: 1 } }).batch([{ url: '/a' }]);

  assert.equal(responses[0].status, 503);
  assert.equal(server.batches.length, 3);
});

test('a batch that is refused after it has run once keeps the answers that it had', async () => {
  const server = spoiled((next, number) => (number > 1 ? problem(503, 'overloaded') : next()), { app: () => new Response('', { status: 503 }) });

  const { responses } = await batcherOf(server).batch([{ url: '/a' }], { retry: { tries: 2, minDelay: 1 } });

  assert.equal(responses[0].status, 503);
});

for (const [what, kept] of [['keeps no keys', false], ['keeps keys', true]]) {
  test(`a batch that somebody in front has refused, where the app ${what}, may have run if it changes something`, async () => {
    const server = spoiled(async (next) => {
      await next();
      return new Response('<h1>Blocked</h1>', { status: 403 });
    }, { keys: kept });

    await assert.rejects(batcherOf(server).batch([{ url: '/a' }, { method: 'POST', url: '/pay' }]), (error) => {
      assert.equal(error.constructor, TypeError);
      assert.match(error.message, /it may have run/);
      assert.deepEqual([error.cause.name, error.cause.status], ['BatchError', 403]);
      return true;
    });
    assert.equal(server.ran.length, 2);
  });
}

for (const [what, refuse] of [
  ['401', () => new Response('', { status: 401 })],
  ['431', () => new Response('', { status: 431 })],
  ['403 of the endpoint', () => problem(403, 'foreign-page')],
]) {
  test(`${what}: nothing of a batch has run, be it one that changes something`, async () => {
    const { batch, job } = batcherOf(spoiled(refuse, { features: ['respond-async'] }));

    await assert.rejects(batch([{ method: 'POST', url: '/a' }]), BatchError);
    await assert.rejects(job([{ method: 'POST', url: '/a' }]), BatchError);
  });
}

test('a batch that was lost, and is refused then, may have run', async () => {
  const server = spoiled(async (next, number) => {
    if (number > 1) {
      return problem(403, 'foreign-page');
    }
    await next();
    return gone();
  });

  await assert.rejects(batcherOf(server).batch([{ method: 'POST', url: '/a' }]), TypeError);
});

test('a batch that was lost and runs still is waited for', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const slow = later();
  const server = spoiled((next, number) => {
    const answer = next();
    return number === 1 ? gone() : answer;
  }, { app: async () => ({ made: await slow.promise }) });
  const result = batcherOf(server).batch([{ method: 'POST', url: '/a' }]);

  for (let i = 0; i < 20; i++) {
    for (let tick = 0; tick < 40; tick++) {
      await new Promise(setImmediate);
    }
    t.mock.timers.tick(1000);
    if (i === 8) {
      slow.resolve(1);
    }
  }

  assert.deepEqual((await result).responses[0].body, { made: 1 });
  assert.equal(server.ran.length, 1);
});

test('a signal ends a batch that is under way, and one that waits', async () => {
  const reason = new Error('gone');
  const controller = new AbortController();
  const server = serverOf({ app: () => new Promise(() => {}) });
  const running = batcherOf(server).batch([{ url: '/a' }], { signal: controller.signal });
  const busy = spoiled(() => problem(503, 'overloaded'));
  const waiting = batcherOf(busy).batch([{ url: '/a' }], { signal: controller.signal, retry: { tries: 9, minDelay: 1e6, maxDelay: 1e6 } });
  const answered = [running, waiting].map((one) => assert.rejects(one, reason));
  await new Promise((resolve) => setTimeout(resolve, 10));

  controller.abort(reason);

  await Promise.all(answered);
  await assert.rejects(batcherOf(server).batch([{ url: '/a' }], { signal: controller.signal }), reason);
});

test('a signal that ends while the endpoint is asked for its keys ends the batch', async () => {
  const reason = new Error('gone');
  const controller = new AbortController();
  const server = serverOf({
    app: () => new Response('', { status: 503 }),
    way: (request, next, { path, method }) => {
      if (path === '/batch' && method === 'GET') {
        controller.abort(reason);
      }
      return next();
    },
  });

  await assert.rejects(batcherOf(server).batch([{ method: 'POST', url: '/a' }], { signal: controller.signal, retry: { tries: 1, minDelay: 1e6, maxDelay: 1e6 } }), reason);
});
