import assert from 'node:assert/strict';
import test from 'node:test';
import { newImport, rowsOf, until, visit } from './site.mjs';

/** Posts rows and leaves the page in the same moment. */
async function leaveWith([name, numbers, options, wait]) {
  const own = createBatcher(options);
  numbers.forEach((number) => {
    own.fetch(`/api/imports/${name}/rows`, json({ number, sku: 'S', priceCents: 1 })).catch(() => {});
  });
  await new Promise((resolve) => setTimeout(resolve, wait));
  location.href = '/api/tiny';
  // The page is not told when it has gone.
}

async function leave(page, run, argument) {
  await Promise.all([page.waitForURL('**/api/tiny'), run(leaveWith, argument).catch(() => {})]);
}

for (const [what, numbers, options] of [
  ['one call', [1], {}],
  ['several calls', [1, 2, 3], {}],
  ['calls that wait for more', [1, 2, 3], { maxWait: 60_000 }],
  ['more calls than go into a batch', [1, 2, 3, 4, 5], { maxWait: 60_000, maxItems: 2 }],
]) {
  test(`${what}: what waits when the page is left is sent`, async (t) => {
    const { page, proxy, run } = await visit(t);
    const name = newImport();

    await leave(page, run, [name, numbers, options, 0]);

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
