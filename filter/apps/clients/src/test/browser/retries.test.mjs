import assert from 'node:assert/strict';
import test from 'node:test';
import { newImport, rowsOf, visit } from './site.mjs';

/** Has a batcher with a policy call these, and says what it has told of it. */
async function tried([retry, calls]) {
  const events = [];
  const own = createBatcher({ retry, onItem: (event) => events.push(event) });
  const answers = await settle(calls.map(([url, init]) => own.fetch(url, init)));
  return { answers, events };
}

const row = (number) => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ number, sku: 'S', priceCents: 1 }),
});

test('calls that fail now and then are tried until they succeed, and only those', async (t) => {
  const { proxy, run } = await visit(t);
  const calls = Array.from({ length: 10 }, (_, index) => [`/api/flaky?rate=0.4&n=${index}`]);

  const { answers, events } = await run(tried, [{ tries: 20 }, [...calls, ['/api/tiny']]]);

  assert.deepEqual(answers, [...Array(10).fill('200 {"rate":0.4}'), '200 {"ok":true}']);
  const sent = [...proxy.batches().flatMap(({ items }) => items), ...proxy.singles('/api/')].map(({ url }) => url);
  for (const [url] of [...calls, ['/api/tiny']]) {
    const told = events.filter((event) => event.url === proxy.origin + url);
    assert.equal(sent.filter((each) => each === url).length, told.length, url);
    assert.deepEqual(told.map(({ attempt }) => attempt), told.map((_, index) => index + 1));
    assert.deepEqual(told.map(({ again, status }) => again === (status === 503)), told.map(() => true));
  }
});

test('a repetition does not come before what Retry-After asks for', async (t) => {
  const { run } = await visit(t);

  const { answers, events } = await run(tried, [{ tries: 2, minDelay: 1 }, [['/api/flaky?rate=1&a'], ['/api/flaky?rate=1&b']]]);

  assert.deepEqual(answers.map((answer) => answer.slice(0, 3)), ['503', '503']);
  assert.equal(events.length, 6);
  for (const url of new Set(events.map((event) => event.url))) {
    const [first, second, third] = events.filter((event) => event.url === url);
    assert.deepEqual([first.again, second.again, third.again], [true, true, false]);
    assert.ok(second.sentAt - first.answeredAt >= 999, `sent again after ${second.sentAt - first.answeredAt} ms`);
    assert.ok(third.sentAt - second.answeredAt >= 999, `sent again after ${third.sentAt - second.answeredAt} ms`);
  }
});

test('an answer whose Retry-After asks for more than maxDelay is final', async (t) => {
  const { run } = await visit(t);

  const { answers, events } = await run(tried, [{ tries: 5, maxDelay: 500 }, [['/api/flaky?rate=1'], ['/api/tiny']]]);

  assert.match(answers[0], /^503 /);
  assert.equal(events.length, 2);
});

test('without a policy nothing is tried again', async (t) => {
  const { run } = await visit(t);

  const { answers, events } = await run(tried, [undefined, [['/api/flaky?rate=1'], ['/api/boom'], ['/api/tiny']]]);

  assert.deepEqual(answers.map((answer) => answer.slice(0, 3)), ['503', '500', '200']);
  assert.equal(events.length, 3);
});

test('a 404 is not tried again, whatever the policy', async (t) => {
  const { run } = await visit(t);

  const { answers, events } = await run(tried, [9, [['/api/products/9999'], ['/api/me'], ['/api/tiny']]]);

  assert.deepEqual(answers.map((answer) => answer.slice(0, 3)), ['404', '401', '200']);
  assert.equal(events.length, 3);
});

test('a POST that has failed for now is tried again under the same key, and is done once', async (t) => {
  const { proxy, run } = await visit(t);
  const name = newImport();

  // Every hundredth row fails the first time.
  const { answers } = await run(tried, [3, [99, 100, 200].map((number) => [`/api/imports/${name}/rows`, row(number)])]);

  assert.deepEqual(answers.map((answer) => answer.slice(0, 3)), ['201', '201', '201']);
  assert.deepEqual(await rowsOf(name), { rows: 3, distinct: 3 });
  const first = proxy.batches()[0].items;
  const tries = [...proxy.batches().flatMap(({ items }) => items), ...proxy.singles('/api/imports')];
  const keyOf = ({ headers }) => header(headers, 'idempotency-key');
  assert.equal(new Set(first.map(keyOf)).size, 3);
  assert.deepEqual(tries.map(keyOf).sort(), [...first, ...first.slice(1)].map(keyOf).sort());
});

test('a POST without a key is not tried again', async (t) => {
  const { run } = await visit(t);
  const name = newImport();

  const answers = await run(([into, init]) => {
    const own = createBatcher({ retry: 3, idempotency: false });
    return settle([own.fetch(`/api/imports/${into}/rows`, init), own.fetch('/api/tiny')]);
  }, [name, row(100)]);

  assert.deepEqual(answers.map((answer) => answer.slice(0, 3)), ['500', '200']);
  assert.deepEqual(await rowsOf(name), { rows: 0, distinct: 0 });
});

test('a key of the page’s own is kept', async (t) => {
  const { proxy, run } = await visit(t);
  const name = newImport();
  const own = { ...row(100), headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `"mine-${name}"` } };

  const { answers } = await run(tried, [3, [[`/api/imports/${name}/rows`, own], ['/api/tiny']]]);

  assert.match(answers[0], /^201 /);
  const items = [...proxy.batches().flatMap((batch) => batch.items), ...proxy.singles('/api/imports')];
  const keys = items.filter(({ method }) => method === 'POST').map(({ headers }) => header(headers, 'idempotency-key'));
  assert.deepEqual(keys, Array(2).fill(`"mine-${name}"`));
});

test('a call that goes alone is tried again too', async (t) => {
  const { proxy, run } = await visit(t);
  const name = newImport();

  const { answers, events } = await run(tried, [3, [[`/api/imports/${name}/rows`, row(100)]]]);

  assert.match(answers[0], /^201 /);
  assert.deepEqual(events.map(({ status, attempt, again }) => [status, attempt, again]), [[500, 1, true], [201, 2, false]]);
  assert.equal(proxy.batches().length, 0);
});

test('an abort ends the wait for the next try', async (t) => {
  const { proxy, run } = await visit(t, { retry: { tries: 9, maxDelay: 60_000, minDelay: 30_000 } });

  const answers = await run(() => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 600);
    return settle([batcher.fetch('/api/boom', { signal: controller.signal }), batcher.fetch('/api/tiny')]);
  });

  assert.deepEqual(answers, ['AbortError', '200 {"ok":true}']);
  assert.equal(proxy.batches().length, 1);
});

function header(headers, wanted) {
  const found = Object.entries(headers).find(([name]) => name.toLowerCase() === wanted);
  return found && found[1];
}
