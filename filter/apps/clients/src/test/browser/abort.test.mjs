import assert from 'node:assert/strict';
import test from 'node:test';
import { until, visit } from './site.mjs';

test('a call that is aborted before it is sent is not sent, and its neighbours are answered', async (t) => {
  const { proxy, run } = await visit(t);

  const answers = await run(() => {
    const controller = new AbortController();
    const calls = [
      batcher.fetch('/api/tiny?a'),
      batcher.fetch('/api/tiny?b', { signal: controller.signal }),
      batcher.fetch('/api/tiny?c'),
    ];
    controller.abort();
    return settle(calls);
  });

  assert.deepEqual(answers, ['200 {"ok":true}', 'AbortError', '200 {"ok":true}']);
  assert.deepEqual(proxy.batches().map(({ items }) => items.map(({ url }) => url)), [['/api/tiny?a', '/api/tiny?c']]);
});

for (const [how, options] of [['a stream', {}], ['an envelope', { stream: false }]]) {
  test(`a call that is aborted while it runs in ${how} is over, and its neighbours are answered`, async (t) => {
    const { proxy, run } = await visit(t, options);

    const { answers, order } = await run(async () => {
      const controller = new AbortController();
      const over = [];
      const calls = ['/api/slow?ms=1200', '/api/slow?ms=1000', '/api/slow?ms=1100'].map((url, index) => {
        const call = batcher.fetch(url, index === 0 ? { signal: controller.signal } : {});
        call.then(() => over.push(index), () => over.push(index));
        return call;
      });
      setTimeout(() => controller.abort(), 300);
      return { answers: await settle(calls), order: over };
    });

    assert.deepEqual(answers, ['AbortError', '200 {"sleptMillis":1000}', '200 {"sleptMillis":1100}']);
    assert.equal(order[0], 0);
    assert.equal(proxy.batches().length, 1);
    assert.equal(proxy.batches()[0].gone, false);
  });
}

test('a request is closed when all its calls have been aborted', async (t) => {
  const { proxy, run } = await visit(t);

  const calls = run(() => {
    const one = new AbortController();
    const other = new AbortController();
    globalThis.abortOne = () => one.abort();
    globalThis.abortOther = () => other.abort();
    return settle([
      batcher.fetch('/api/slow?ms=20000', { signal: one.signal }),
      batcher.fetch('/api/slow?ms=20001', { signal: other.signal }),
    ]);
  });
  await until(() => proxy.batches().length === 1, 'for the batch');
  const [batch] = proxy.batches();
  await run(() => abortOne());
  await run(() => new Promise((resolve) => setTimeout(resolve, 100)));
  assert.equal(batch.gone, false);
  await run(() => abortOther());

  assert.deepEqual(await calls, ['AbortError', 'AbortError']);
  await until(() => batch.gone, 'for the connection to be closed');
});

test('a call that goes alone is aborted as any other', async (t) => {
  const { proxy, run } = await visit(t);

  const answers = await run(() => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 300);
    return settle([batcher.fetch('/api/slow?ms=20000', { signal: controller.signal })]);
  });

  assert.deepEqual(answers, ['AbortError']);
  await until(() => proxy.singles('/api/slow')[0].gone, 'for the connection to be closed');
});

test('the reason of a signal is what the call rejects with, whenever it comes', async (t) => {
  const { proxy, run } = await visit(t);

  const reasons = await run(async () => {
    const before = AbortSignal.abort('before');
    const atOnce = new AbortController();
    const running = new AbortController();
    const calls = [
      batcher.fetch('/api/slow?ms=600&a', { signal: before }),
      batcher.fetch('/api/slow?ms=600&b', { signal: atOnce.signal }),
      batcher.fetch('/api/slow?ms=600&c', { signal: running.signal }),
      batcher.fetch('/api/slow?ms=600&d', { signal: AbortSignal.timeout(200) }),
      batcher.fetch('/api/slow?ms=600&e'),
      batcher.fetch(new Request('/api/slow?ms=600&f', { signal: AbortSignal.abort('of the Request') })),
      batcher.fetch(new Request('/api/slow?ms=600&g', { signal: AbortSignal.abort() }), { signal: null }),
    ];
    atOnce.abort('at once');
    setTimeout(() => running.abort({ while: 'it runs' }), 200);
    const settled = await Promise.allSettled(calls);
    return settled.map(({ reason, value }) => (value ? value.status : reason instanceof Error || reason instanceof DOMException ? reason.name : reason));
  });

  assert.deepEqual(reasons, ['before', 'at once', { while: 'it runs' }, 'TimeoutError', 200, 'of the Request', 200]);
  assert.deepEqual(proxy.batches()[0].items.map(({ url }) => url.slice(-1)).sort(), ['c', 'd', 'e', 'g']);
});

test('one of several callers of the same GET goes away, and the other one is answered', async (t) => {
  const { proxy, run } = await visit(t);

  const answers = await run(() => {
    const controller = new AbortController();
    const calls = [
      batcher.fetch('/api/slow?ms=600', { signal: controller.signal }),
      batcher.fetch('/api/slow?ms=600'),
      batcher.fetch('/api/tiny'),
    ];
    setTimeout(() => controller.abort(), 200);
    return settle(calls);
  });

  assert.deepEqual(answers, ['AbortError', '200 {"sleptMillis":600}', '200 {"ok":true}']);
  assert.equal(proxy.batches()[0].items.length, 2);
});

test('an abort after the answer changes nothing', async (t) => {
  const { run } = await visit(t);

  const answer = await run(async () => {
    const controller = new AbortController();
    const [response] = await Promise.all([
      batcher.fetch('/api/products/1', { signal: controller.signal }), batcher.fetch('/api/tiny'),
    ]);
    controller.abort();
    // As of what fetch has read to its end.
    return response.status;
  });

  assert.equal(answer, 200);
});

test('an explicit batch is aborted by its signal', async (t) => {
  const { proxy, run } = await visit(t);

  const reason = await run(() => {
    const controller = new AbortController();
    setTimeout(() => controller.abort('enough'), 300);
    return batcher.batch([{ method: 'GET', url: '/api/slow?ms=20000' }], { signal: controller.signal }).catch((error) => error);
  });

  assert.equal(reason, 'enough');
  await until(() => proxy.batches()[0].gone, 'for the connection to be closed');
});
