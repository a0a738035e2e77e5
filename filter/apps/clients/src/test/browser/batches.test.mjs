import assert from 'node:assert/strict';
import test from 'node:test';
import { isBatch } from './proxy.mjs';
import { newImport, rowsOf, visit } from './site.mjs';

const login = { user: 'demo', password: 'demo' };

/** Posts a batch and takes what can be handed out of the page. */
async function posted([requests, options]) {
  const { responses, summary } = await batcher.batch(requests, options);
  return {
    summary,
    answers: responses.map(({ id, status, ok, body }) => ({ id, status, ok, body })),
  };
}

/** What a refused one is. */
async function refused([requests, options]) {
  const error = await batcher.batch(requests, options).catch((thrown) => thrown);
  const { name, status, problem, message } = error;
  return { name, status, type: Object(problem).type, message, isBatchError: error instanceof BatchError };
}

test('items refer to the answers to others', async (t) => {
  const { proxy, run } = await visit(t);

  const { answers, summary } = await run(posted, [[
    { id: 'cart', method: 'POST', url: '/api/carts', body: { customer: 'Ada' } },
    { id: 'line', method: 'POST', url: '/api/carts/{$cart.body#/id}/lines', body: { product: 7, quantity: 2 }, dependsOn: ['cart'] },
    { id: 'all', url: '{$cart.header.Location}', dependsOn: ['cart', 'line'] },
    { id: 'none', method: 'GET', url: '/api/carts/{$line.body#/nothing}', dependsOn: ['line'] },
  ]]);

  assert.deepEqual(answers.map(({ id, status, ok }) => [id, status, ok]),
    [['cart', 201, true], ['line', 201, true], ['all', 200, true], ['none', 424, false]]);
  assert.equal(answers[2].body.lines[0].product, 7);
  assert.deepEqual([summary.total, summary.succeeded, summary.failed, summary.retryable], [4, 3, 1, []]);
  assert.equal(proxy.batches().length, 1);
});

test('a group takes effect as a whole or not at all', async (t) => {
  const { run } = await visit(t);
  await run((user) => fetch('/login', json(user)), login);
  const order = (quantity) => [
    { id: 'order', atomicityGroup: 'g', method: 'POST', url: '/api/orders' },
    {
      id: 'line', atomicityGroup: 'g', method: 'POST', url: '/api/orders/{$order.body#/id}/lines',
      body: { product: 7, quantity }, dependsOn: ['order'],
    },
    {
      id: 'stock', atomicityGroup: 'g', method: 'POST', url: '/api/products/7/reservations',
      body: { order: '{$order.body#/id}', quantity }, dependsOn: ['order'],
    },
  ];
  const orders = () => run(async () => (await (await fetch('/api/orders')).json()).orders.length);
  const before = await orders();

  const failed = await run(posted, [order(90)]);
  assert.deepEqual(failed.answers.map(({ status }) => status), [424, 424, 409]);
  assert.equal(await orders(), before);

  const placed = await run(posted, [order(1)]);
  assert.deepEqual(placed.answers.map(({ status }) => status), [201, 201, 201]);
});

test('answers come in the order of the requests, each found by its id, with a response and its body', async (t) => {
  const { run } = await visit(t);

  const seen = await run(async () => {
    const result = await batcher.batch([
      { id: 'slow', url: '/api/slow?ms=300' },
      { id: 7, url: '/api/products/1' },
      { url: '/favicon.svg' },
      { url: '/api/imports/never', method: 'DELETE' },
      { url: '/api/products/1', method: 'HEAD' },
    ], { execution: 'parallel' });
    const [, pot, icon, gone, head] = result.responses;
    return {
      ids: result.responses.map(({ id }) => id),
      byId: [result.get('slow').status, result.get(7).status, result.get('nobody')],
      name: pot.body.name,
      again: (await pot.response.json()).name,
      response: [pot.response instanceof Response, pot.response.status, pot.response.headers.get('content-type'), new URL(pot.response.url).pathname],
      icon: [icon.body.slice(0, 4), (await icon.response.text()).slice(0, 4)],
      gone: [gone.status, gone.ok, gone.body],
      head: [head.status, head.body],
    };
  });

  assert.deepEqual(seen, {
    ids: ['slow', 7, 2, 3, 4],
    byId: [200, 200, undefined],
    name: 'Moka pot, 3 cups',
    again: 'Moka pot, 3 cups',
    response: [true, 200, 'application/json', '/api/products/1'],
    icon: ['<svg', '<svg'],
    gone: [204, true, null],
    head: [200, null],
  });
});

test('bodies are JSON, text or bytes', async (t) => {
  const { proxy, run } = await visit(t);

  const { answers } = await run(async ([requests]) => {
    const bytes = new TextEncoder().encode('{"customer": "Bytes"}');
    const type = { 'Content-Type': 'application/json' };
    return (await batcher.batch([
      ...requests,
      { url: '/api/carts', method: 'POST', headers: type, body: bytes },
      { url: '/api/carts', method: 'POST', headers: type, body: bytes.buffer },
    ])).responses.reduce((all, { status, body }) => ({ answers: [...all.answers, [status, body.customer ?? body.user]] }), { answers: [] });
  }, [[
    { url: '/api/carts', method: 'POST', body: { customer: 'JSON' } },
    { url: '/api/carts', method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"customer": "Text"}', bodyEncoding: 'text' },
    { url: '/login', method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'user=ada&password=ada' },
  ]]);

  assert.deepEqual(answers, [[201, 'JSON'], [201, 'Text'], [200, 'ada'], [201, 'Bytes'], [201, 'Bytes']]);
  assert.equal(proxy.batches().length, 1);
});

for (const [what, requests] of Object.entries({
  'an id that is taken': [{ id: 'a', url: '/api/tiny' }, { id: 'a', url: '/api/tiny' }],
  'a dependency on nothing': [{ id: 'a', url: '/api/tiny', dependsOn: ['nothing'] }],
})) {
  test(`${what} is a BatchError, and nothing has run`, async (t) => {
    const { run } = await visit(t);
    const name = newImport();
    const post = { id: 'row', method: 'POST', url: `/api/imports/${name}/rows`, body: { number: 1, sku: 'S', priceCents: 1 } };

    const error = await run(refused, [[post, ...requests]]);

    assert.equal(error.isBatchError, true);
    assert.equal(error.name, 'BatchError');
    assert.equal(error.status, 400);
    assert.equal(error.type, 'urn:multistatus:malformed-batch');
    assert.match(error.message, /'(a|nothing)'/);
    assert.deepEqual(await rowsOf(name), { rows: 0, distinct: 0 });
  });
}

test('a batch that somebody in front refuses is a BatchError with its status', async (t) => {
  const { run } = await visit(t, {}, {
    request(exchange, response) {
      return isBatch(exchange) && Boolean(response.writeHead(403, { 'Content-Type': 'text/html' }).end('<h1>No</h1>'));
    },
  });

  const error = await run(refused, [[{ url: '/api/tiny' }]]);

  assert.deepEqual([error.isBatchError, error.status], [true, 403]);
});

test('onItem and onProgress hear of each answer, of a streamed batch as they come', async (t) => {
  const { proxy, run } = await visit(t);

  const heard = await run(async () => {
    const told = { stream: [], envelope: [] };
    for (const stream of [true, false]) {
      const into = told[stream ? 'stream' : 'envelope'];
      await batcher.batch([
        { id: 'slow', url: '/api/slow?ms=700' }, { id: 'missing', url: '/api/products/9999' },
      ], { stream, onItem: ({ id }) => into.push(id), onProgress: (progress) => into.push(progress) });
    }
    return told;
  });

  const half = { total: 2, completed: 1, succeeded: 0, failed: 1 };
  const whole = { total: 2, completed: 2, succeeded: 1, failed: 1 };
  const ids = (told) => told.filter((each) => typeof each === 'string');
  const progress = (told) => told.filter((each) => typeof each === 'object');
  assert.deepEqual(ids(heard.stream), ['missing', 'slow']);
  assert.deepEqual(progress(heard.stream), [half, whole]);
  assert.deepEqual(ids(heard.envelope), ['slow', 'missing']);
  assert.deepEqual(progress(heard.envelope).at(-1), whole);
  assert.deepEqual(proxy.batches().map(({ answered }) => /ndjson/.test(answered.headers['content-type'])), [true, false]);
});

test('after the first failure nothing more begins, if so wished', async (t) => {
  const { run } = await visit(t);

  const { answers } = await run(posted, [[
    { url: '/api/products/9999' }, { url: '/api/tiny' },
  ], { continueOnError: false }]);

  assert.deepEqual(answers.map(({ status }) => status), [404, 424]);
});

test('a batch is posted again under its key, and what has succeeded is not run again', async (t) => {
  const { proxy, run } = await visit(t);
  const name = newImport();
  const rows = [99, 100, 200].map((number) => ({
    id: `row-${number}`, method: 'POST', url: `/api/imports/${name}/rows`, body: { number, sku: 'S', priceCents: 1 },
  }));

  const { answers, summary } = await run(posted, [rows, { retry: { tries: 3, minDelay: 10 } }]);

  assert.deepEqual(answers.map(({ status }) => status), [201, 201, 201]);
  assert.equal(summary.succeeded, 3);
  assert.deepEqual(await rowsOf(name), { rows: 3, distinct: 3 });
  const keys = proxy.batches().map(({ headers }) => headers['idempotency-key']);
  assert.equal(keys.length, 2);
  assert.equal(new Set(keys).size, 1);
});

for (const [how, answer] of [
  ['lost', (exchange, response) => Boolean(response.destroy())],
  ['eaten as a 207', (exchange, response) => exchange.answered.status === 207 && Boolean(response.writeHead(502).end())],
]) {
  test(`a batch whose answer is ${how} is posted again under its key, if it has one`, async (t) => {
    let lost = 0;
    const { run } = await visit(t, {}, {
      keepAlive: false,
      answer(exchange, response) {
        if (!isBatch(exchange) || (how === 'lost' && lost > 0)) {
          return false;
        }
        lost += 1;
        return answer(exchange, response);
      },
    });
    const name = newImport();
    const rows = [1, 2].map((number) => ({
      method: 'POST', url: `/api/imports/${name}/rows`, body: { number, sku: 'S', priceCents: 1 },
    }));

    const { answers } = await run(posted, [rows]);

    assert.deepEqual(answers.map(({ status }) => status), [201, 201]);
    assert.deepEqual(await rowsOf(name), { rows: 2, distinct: 2 });
  });
}

test('a batch without a key whose answer is lost is not posted again, but a TypeError', async (t) => {
  const { proxy, run } = await visit(t, {}, {
    keepAlive: false,
    answer: (exchange, response) => isBatch(exchange) && Boolean(response.destroy()),
  });
  const name = newImport();
  const post = { method: 'POST', url: `/api/imports/${name}/rows`, body: { number: 1, sku: 'S', priceCents: 1 } };

  const error = await run(refused, [[post], { idempotencyKey: false }]);

  assert.equal(error.name, 'TypeError');
  assert.equal(proxy.batches().length, 1);
  assert.deepEqual(await rowsOf(name), { rows: 1, distinct: 1 });
});
