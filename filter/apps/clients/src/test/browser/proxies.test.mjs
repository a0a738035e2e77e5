// Proxies on the way that do not let batches through as they are. The page must not notice more than that it takes longer, and
// nothing that it posts may be done twice.

import assert from 'node:assert/strict';
import test from 'node:test';
import { isBatch } from './proxy.mjs';
import { newImport, rowsOf, visit } from './site.mjs';

const HTML = { 'Content-Type': 'text/html' };
const PAGE = '<!doctype html><title>Error</title><h1>Something is wrong</h1>';

/** Does something about the answer to a batch if it is a 207. */
const to207 = (harm) => ({
  answer(exchange, response, body) {
    const harmed = isBatch(exchange) && exchange.answered.status === 207;
    if (harmed) {
      exchange.harmed = true;
      harm(response, body, exchange);
    }
    return harmed;
  },
});

/** What lets everything through but a 207, so that batches work as soon as 200 is asked for. */
const AGAINST_207 = {
  'resets the connection': { ...to207((response) => response.destroy()), keepAlive: false },
  'makes it a 502': to207((response) => response.writeHead(502, HTML).end(PAGE)),
  'makes it a 500': to207((response) => response.writeHead(500, HTML).end(PAGE)),
  'makes its body a page': to207((response) => response.writeHead(207, HTML).end(PAGE)),
  'makes it a page with 200': to207((response) => response.writeHead(200, HTML).end(PAGE)),
  'makes it a 204 without a body': to207((response) => response.writeHead(204).end()),
  'takes its body away': to207((response, body, { answered }) =>
    response.writeHead(207, { 'Content-Type': answered.headers['content-type'] }).end()),
  'cuts its body off': to207((response, body, { answered }) => {
    response.writeHead(207, { 'Content-Type': answered.headers['content-type'], 'Content-Length': body.length });
    response.write(body.subarray(0, body.length / 2), () => response.destroy());
  }),
};

/** What keeps batches away from the server, so that nothing of them has run. */
const eats = (status, headers = HTML, body = PAGE) => ({
  request(exchange, response) {
    const eaten = exchange.path === '/batch';
    if (eaten) {
      response.writeHead(status, headers).end(body);
    }
    return eaten;
  },
});

const AGAINST_BATCHES = {
  'knows no such path': eats(404),
  'allows no POST there': eats(405, { ...HTML, Allow: 'GET' }),
  'redirects it to a login': eats(302, { Location: '/login-page' }, ''),
  'finds the batch too large': {
    request(exchange, response) {
      const eaten = isBatch(exchange) && exchange.body.length > 300;
      if (eaten) {
        response.writeHead(413, HTML).end(PAGE);
      }
      return eaten;
    },
  },
};

/** What harms all that comes from the endpoint, and has let it run. */
const AGAINST_ANSWERS = {
  'resets the connection of each answer': {
    answer: (exchange, response) => isBatch(exchange) && Boolean(response.destroy()),
    keepAlive: false,
  },
  'makes each answer a 502': {
    answer: (exchange, response) => isBatch(exchange) && Boolean(response.writeHead(502, HTML).end(PAGE)),
  },
};

const STREAMS = {
  'cuts streams off after the first line': {
    answer(exchange, response, body) {
      const cut = isBatch(exchange) && /ndjson/.test(exchange.answered.headers['content-type']);
      if (cut) {
        response.writeHead(exchange.answered.status, { 'Content-Type': 'application/x-ndjson' });
        response.write(body.subarray(0, body.indexOf('\n') + 1), () => response.destroy());
      }
      return cut;
    },
  },
  'ends streams after the first line': {
    answer(exchange, response, body) {
      const cut = isBatch(exchange) && /ndjson/.test(exchange.answered.headers['content-type']);
      if (cut) {
        response.writeHead(exchange.answered.status, { 'Content-Type': 'application/x-ndjson' });
        response.end(body.subarray(0, body.indexOf('\n') + 1));
      }
      return cut;
    },
  },
  'holds everything back until it is whole': { answer: () => false },
};

/** Three GETs, and with a name of an import three rows for it. */
function load([name, first]) {
  const row = (number) => batcher.fetch(`/api/imports/${name}/rows`, json({ number, sku: 'S', priceCents: 1 }));
  return settle([
    ...[1, 2, 3].map((id) => batcher.fetch(`/api/products/${id}`)),
    ...(name ? [first, first + 1, first + 2].map(row) : []),
  ]);
}

function assertLoaded(answers, withRows) {
  answers.slice(0, 3).forEach((answer, index) => assert.match(answer, new RegExp(`^200 {"id":${index + 1},`)));
  answers.slice(3).forEach((answer) => assert.match(answer, /^201 {/));
  assert.equal(answers.length, withRows ? 6 : 3);
}

for (const [what, hooks] of Object.entries(AGAINST_207)) {
  test(`a proxy that ${what}: everything is answered, runs once, and goes with 200 from then on`, async (t) => {
    const { proxy, reload, run } = await visit(t, {}, hooks);
    const name = newImport();

    assertLoaded(await run(load, [name, 1]), true);
    assertLoaded(await run(load, [name, 4]), true);
    assertLoaded(await run(load, []), false);
    assert.equal(await run(() => batcher.state.mode), '200');
    await reload();
    assertLoaded(await run(load, [name, 7]), true);

    assert.deepEqual(await rowsOf(name), { rows: 9, distinct: 9 });
    assert.equal(proxy.singles('/api/').length, 0);
    // What is safe is sent again without waiting for the rest.
    assert.deepEqual(proxy.batches().map(({ harmed, items }) => [Boolean(harmed), items.length]),
      [[true, 6], [false, 3], [false, 3], [false, 6], [false, 3], [false, 6]]);
  });
}

for (const [what, hooks] of Object.entries(AGAINST_207)) {
  test(`a proxy that ${what}: what is not safe to repeat is not repeated, but a TypeError`, async (t) => {
    const { proxy, run } = await visit(t, { idempotency: false }, hooks);
    const name = newImport();

    const answers = await run(load, [name, 1]);

    assertLoaded(answers.slice(0, 3), false);
    assert.deepEqual(answers.slice(3), ['TypeError', 'TypeError', 'TypeError']);
    assert.deepEqual(await rowsOf(name), { rows: 3, distinct: 3 });
    // What has been learned from the GETs helps the next ones.
    assertLoaded(await run(load, [name, 4]), true);
    assert.deepEqual(await rowsOf(name), { rows: 6, distinct: 6 });
    assert.equal(proxy.batches().filter(({ harmed }) => harmed).length, 1);
  });
}

for (const [what, hooks] of Object.entries({ ...AGAINST_BATCHES, ...AGAINST_ANSWERS })) {
  for (const idempotency of what in AGAINST_BATCHES ? [true, false] : [true]) {
    const keys = idempotency ? 'with keys' : 'without keys';
    test(`a proxy that ${what}, ${keys}: calls go alone in the end, and run once`, async (t) => {
      const { proxy, run } = await visit(t, { idempotency }, hooks);
      const name = newImport();

      assertLoaded(await run(load, [name, 1]), true);
      assertLoaded(await run(load, [name, 4]), true);

      assert.deepEqual(await rowsOf(name), { rows: 6, distinct: 6 });
      assert.ok(proxy.batches().length <= 12, `${proxy.batches().length} batches for two times six calls`);
    });
  }
}

test('what Chromium itself sends again, on connections that have served before, runs once', async (t) => {
  const { proxy, run } = await visit(t, {}, to207((response) => response.destroy()));
  const name = newImport();
  await run(() => Promise.all([1, 2, 3, 4, 5, 6].map((number) => fetch(`/api/slow?ms=300&n=${number}`))));

  assertLoaded(await run(load, [name, 1]), true);

  assert.deepEqual(await rowsOf(name), { rows: 3, distinct: 3 });
  assert.ok(proxy.batches().length > 2, `${proxy.batches().length} batches, so Chromium has not sent any again`);
});

test('a proxy that lets no batch through is not asked again and again', async (t) => {
  const { proxy, run } = await visit(t, {}, AGAINST_BATCHES['knows no such path']);
  await run(load, []);
  assert.equal(await run(() => batcher.state.mode), 'off');
  const asked = proxy.batches().length;

  for (let times = 0; times < 3; times += 1) {
    assertLoaded(await run(load, []), false);
  }

  assert.equal(proxy.batches().length, asked);
});

test('where each answer is lost, what is not safe to repeat is a TypeError', async (t) => {
  const { run } = await visit(t, { idempotency: false }, AGAINST_ANSWERS['resets the connection of each answer']);
  const name = newImport();

  const answers = await run(load, [name, 1]);

  assertLoaded(answers.slice(0, 3), false);
  assert.deepEqual(answers.slice(3), ['TypeError', 'TypeError', 'TypeError']);
  assert.deepEqual(await rowsOf(name), { rows: 3, distinct: 3 });
});

for (const [what, hooks] of Object.entries(STREAMS)) {
  test(`a proxy that ${what}: everything is answered`, async (t) => {
    const { proxy, run } = await visit(t, {}, hooks);

    assertLoaded(await run(load, []), false);
    const before = proxy.batches().length;
    assertLoaded(await run(load, []), false);

    assert.equal(proxy.singles('/api/').length, 0);
    // It has been learned how to go round it.
    assert.equal(proxy.batches().length, before + 1);
  });
}
