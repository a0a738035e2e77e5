import assert from 'node:assert/strict';
import test from 'node:test';
import { isBatch } from './proxy.mjs';
import { visit } from './site.mjs';

const login = { user: 'demo', password: 'demo' };
const DEMO = '200 {"user":"demo"}';

test('a login alone signs in the next calls, alone and in a batch, and a logout ends it', async (t) => {
  const { proxy, run } = await visit(t);
  const me = () => settle([batcher.fetch('/api/me'), batcher.fetch('/api/orders')]);

  assert.deepEqual((await run(me)).map((answer) => answer.slice(0, 3)), ['401', '401']);
  assert.deepEqual(await run((user) => settle([batcher.fetch('/login', json(user))]), login), [DEMO]);
  assert.deepEqual(await run(() => settle([batcher.fetch('/api/me')])), [DEMO]);
  assert.deepEqual((await run(me)).map((answer) => answer.slice(0, 3)), ['200', '200']);
  assert.deepEqual(await run(() => settle([batcher.fetch('/logout', { method: 'POST' })])), ['204 ']);
  assert.deepEqual((await run(me)).map((answer) => answer.slice(0, 3)), ['401', '401']);
  assert.equal(proxy.batches().length, 3);
});

test('a login in a batch signs in the next calls, and its cookie stays out of reach of scripts', async (t) => {
  const { context, proxy, run } = await visit(t);

  const answers = await run((user) => settle([batcher.fetch('/login', json(user)), batcher.fetch('/api/tiny')]), login);
  const after = await run(() => settle([batcher.fetch('/api/me'), batcher.fetch('/api/tiny'), fetch('/api/me')]));

  assert.deepEqual(answers, [DEMO, '200 {"ok":true}']);
  assert.deepEqual(after, [DEMO, '200 {"ok":true}', DEMO]);
  assert.deepEqual(proxy.batches().map(({ items }) => items.length), [2, 2]);
  assert.equal(await run(() => document.cookie), '');
  const [cookie] = await context.cookies();
  assert.equal(cookie.httpOnly, true);
});

test('calls without credentials are not signed in, whatever goes at the same time', async (t) => {
  const { proxy, run } = await visit(t);
  await run((user) => fetch('/login', json(user)), login);
  proxy.forget();

  const answers = await run(() => settle(['omit', 'same-origin', 'omit', 'include', undefined].map((credentials, index) =>
    batcher.fetch(`/api/me?n=${index}`, credentials && { credentials }))));

  assert.deepEqual(answers.map((answer) => answer.slice(0, 3)), ['401', '200', '401', '200', '200']);
  for (const { items, headers } of proxy.batches()) {
    const omitted = items.every(({ url }) => /n=[02]/.test(url));
    assert.equal('cookie' in headers, !omitted);
  }
});

test('identical GETs with and without credentials are two', async (t) => {
  const { run } = await visit(t);
  await run((user) => fetch('/login', json(user)), login);

  const answers = await run(() => settle([
    batcher.fetch('/api/me'), batcher.fetch('/api/me', { credentials: 'omit' }),
    batcher.fetch('/api/tiny'), batcher.fetch('/api/tiny', { credentials: 'omit' }),
  ]));

  assert.deepEqual(answers.map((answer) => answer.slice(0, 3)), ['200', '401', '200', '200']);
});

test('a cookie that a streamed GET sets is not lost', async (t) => {
  // No GET of the demo sets a cookie; the proxy makes it look as if one did.
  const { context, run } = await visit(t, {}, {
    answer(exchange, response, body) {
      if (exchange.path === '/api/products/1') {
        response.writeHead(200, { 'Content-Type': 'application/json', 'Set-Cookie': 'seen=1; Path=/' }).end(body);
        return true;
      }
      if (!isBatch(exchange) || !/ndjson/.test(exchange.answered.headers['content-type'])) {
        return false;
      }
      const lines = body.toString().replace(/^{"id":"0",/m, '{"id":"0","cookies":"dropped",');
      response.writeHead(207, { 'Content-Type': 'application/x-ndjson' }).end(lines);
      return true;
    },
  });

  const answers = await run(() => settle([batcher.fetch('/api/products/1'), batcher.fetch('/api/tiny')]));

  assert.match(answers[0], /^200 {"id":1,/);
  assert.equal(answers[1], '200 {"ok":true}');
  assert.deepEqual((await context.cookies()).map(({ name }) => name), ['seen']);
});

/** A filter in front that wants a token on each POST. */
const CSRF = {
  request(exchange, response) {
    const refused = exchange.method === 'POST' && exchange.headers['x-csrf-token'] !== 'secret';
    if (refused) {
      response.writeHead(403, { 'Content-Type': 'text/plain' }).end('no token');
    }
    return refused;
  },
};

const token = { 'X-CSRF-Token': 'secret' };

test('a token that each call has is on the batch as well', async (t) => {
  const { proxy, run } = await visit(t, {}, CSRF);

  const answers = await run((headers) => settle([
    batcher.fetch('/api/tiny', { headers }),
    batcher.fetch('/api/carts', { ...json({ customer: 'x' }), headers: { ...headers, 'Content-Type': 'application/json' } }),
  ]), token);

  assert.deepEqual(answers.map((answer) => answer.slice(0, 3)), ['200', '201']);
  assert.equal(proxy.batches().length, 1);
  assert.equal(proxy.singles('/api/').length, 0);
});

test('a token that only the POST has is enough for its answer, and a POST without one is refused', async (t) => {
  const { run } = await visit(t, {}, CSRF);
  const post = (headers) => settle([
    batcher.fetch('/api/tiny'),
    batcher.fetch('/api/carts', { method: 'POST', headers }),
  ]);

  assert.deepEqual((await run(post, token)).map((answer) => answer.slice(0, 3)), ['200', '201']);
  assert.deepEqual(await run(post, {}), ['200 {"ok":true}', '403 no token']);
});

for (const how of ['as they are', 'by a function', 'later, by a function']) {
  test(`headers of the batcher are on each batch, given ${how}`, async (t) => {
    const { proxy, run } = await visit(t, {}, CSRF);

    const answers = await run(async ([which, headers]) => {
      const given = { 'as they are': headers, 'by a function': () => headers, 'later, by a function': async () => new Headers(headers) };
      const own = createBatcher({ headers: given[which] });
      return settle([own.fetch('/api/tiny?a'), own.fetch('/api/tiny?b')]);
    }, [how, token]);

    assert.deepEqual(answers, ['200 {"ok":true}', '200 {"ok":true}']);
    assert.equal(proxy.batches().length, 1);
    assert.equal(proxy.singles('/api/').length, 0);
  });
}

test('each call has its own header, whatever others have', async (t) => {
  const { run } = await visit(t);
  const basic = `Basic ${Buffer.from('admin:admin').toString('base64')}`;

  const answers = await run((authorization) => settle([
    // Without credentials of the browser's, or it would ask for some.
    batcher.fetch('/admin/figures?a', { headers: { Authorization: authorization }, credentials: 'omit' }),
    batcher.fetch('/admin/figures?b', { credentials: 'omit' }),
    batcher.fetch('/admin/figures?c', { headers: { Authorization: 'Basic eDp5' }, credentials: 'omit' }),
  ]), basic);

  assert.deepEqual(answers.map((answer) => answer.slice(0, 3)), ['200', '401', '401']);
});

test('a login that the browser remembers is there for calls in a batch as well', async (t) => {
  const { page, proxy } = await visit(t);
  const context = await page.context().browser().newContext({ httpCredentials: { username: 'admin', password: 'admin' } });
  t.after(() => context.close());
  const other = await context.newPage();
  await other.goto(`${proxy.origin}/admin/figures`);

  const statuses = await other.evaluate(async () => {
    const { createBatcher } = await import('/multistatus/batch.js');
    const { fetch } = createBatcher();
    return Promise.all(['/admin/figures', '/api/tiny'].map(async (path) => (await fetch(path)).status));
  });

  assert.deepEqual(statuses, [200, 200]);
  assert.deepEqual(proxy.batches().map(({ items }) => items.length), [2]);
});
