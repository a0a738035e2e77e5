import assert from 'node:assert/strict';
import test from 'node:test';
import { newImport, rowsOf, until, visit } from './site.mjs';

/** Posts rows and leaves the page as soon as the first so many of them are answered, in the same moment if none is to be. */
async function leaveWith([name, numbers, options, answered]) {
  const own = createBatcher(options);
  const calls = numbers.map((number) => (
    own.fetch(`/api/imports/${name}/rows`, json({ number, sku: 'S', priceCents: 1 })).catch(() => {})
  ));
  await Promise.all(calls.slice(0, answered));
  await new Promise((resolve) => setTimeout(resolve));
  location.href = '/api/tiny';
  // The page is not told when it has gone.
}

async function leave(page, run, argument) {
  await Promise.all([page.waitForURL('**/api/tiny'), run(leaveWith, argument).catch(() => {})]);
}

// With a wait: what is under way already when the page is left may be lost with it. Full batches do not wait.
for (const [what, numbers, options, answered] of [
  ['one call', [1], { maxWait: 60_000 }, 0],
  ['several calls', [1, 2, 3], { maxWait: 60_000 }, 0],
  ['more calls than go into a batch', [1, 2, 3, 4, 5], { maxWait: 60_000, maxItems: 2 }, 4],
]) {
  test(`${what}: what waits when the page is left is sent`, async (t) => {
    const { page, proxy, run } = await visit(t);
    const name = newImport();

    await leave(page, run, [name, numbers, options, answered]);

    await until(async () => (await rowsOf(name)).rows === numbers.length, 'for the rows');
    assert.deepEqual(await rowsOf(name), { rows: numbers.length, distinct: numbers.length });
    if (options.maxItems) {
      proxy.batches().forEach(({ items }) => assert.ok(items.length <= options.maxItems));
    }
  });
}

test('a page that is left in the very tick of its calls has sent them', async (t) => {
  const { page, run } = await visit(t);
  const name = newImport();

  await Promise.all([page.waitForURL('**/api/tiny'), run((into) => {
    [1, 2].forEach((number) => {
      batcher.fetch(`/api/imports/${into}/rows`, json({ number, sku: 'S', priceCents: 1 })).catch(() => {});
    });
    location.href = '/api/tiny';
  }, name).catch(() => {})]);

  await until(async () => (await rowsOf(name)).rows === 2, 'for the rows');
});

test('a page that is come back to goes on', async (t) => {
  const { page, run } = await visit(t);
  const name = newImport();
  await leave(page, run, [name, [1], { maxWait: 60_000 }, 0]);
  await until(async () => (await rowsOf(name)).rows === 1, 'for the row');

  await page.goBack();
  await page.evaluate(async () => {
    Object.assign(globalThis, await import('/multistatus/batch.js'));
    globalThis.batcher = createBatcher();
  });

  assert.deepEqual(await run(() => settle([batcher.fetch('/api/tiny?a'), batcher.fetch('/api/tiny?b')])),
    ['200 {"ok":true}', '200 {"ok":true}']);
});
