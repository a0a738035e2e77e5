// What the documentation shows, as it stands there.

import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import { startProxy } from './proxy.mjs';
import { demo, visit } from './site.mjs';

const PROJECT = pathToFileURL(`${process.env.PROJECT}/`);
const BROWSER = 'filter/docs/BROWSER.md';

/** The code of a kind in a page, in its order. */
async function blocks(page, kind) {
  const text = await readFile(new URL(page, PROJECT), 'utf8');
  return [...text.matchAll(new RegExp(`\`\`\`${kind}\n(.*?)\`\`\``, 'gs'))].map(([, code]) => code);
}

/**
 * What the first block of BROWSER.md with `text` in it exports by that name when it is run in Node. There it has a batcher, which
 * takes URLs as a page behind the proxy would.
 */
async function run(t, text, name) {
  const proxy = await startProxy(demo);
  t.after(() => proxy.close());
  const code = (await blocks(BROWSER, 'js')).find((each) => each.includes(text));
  const file = new URL(`documented-${name}.mjs`, import.meta.url);
  t.after(() => rm(file));
  await writeFile(file, `import { createBatcher } from '${new URL('filter/src/main/js/batch.js', PROJECT)}';
const made = createBatcher({ endpoint: '${proxy.origin}/batch' });
const batcher = { ...made, fetch: (url, init) => made.fetch(new URL(url, '${proxy.origin}'), init) };
const token = () => 'secret';
${code}
export { ${name} };`);
  return { proxy, [name]: (await import(file))[name] };
}

for (const [name, file, statuses] of [['the README', 'README.md', ['200', '200', '404']], ['BROWSER.md', BROWSER, []]]) {
  test(`the page of ${name} makes one batch`, async (t) => {
    const [html] = await blocks(file, 'html');
    const { page, proxy } = await visit(t);
    const said = [];
    page.on('console', (message) => message.type() === 'log' && said.push(message.text().slice(0, 3)));
    const script = html.replace(/<\/?script.*>/g, '').replace('\'/multistatus', `'${proxy.origin}/multistatus`);

    await page.evaluate((text) => import(URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))), script);

    assert.equal(proxy.batches().length, 1);
    assert.ok(proxy.batches()[0].items.length > 1);
    assert.deepEqual(said, statuses);
  });
}

test('queries of React Query go together, and each fails for itself', async (t) => {
  const { proxy, client } = await run(t, 'react-query', 'client');
  const query = (path) => client.fetchQuery({ queryKey: [path], retry: false });

  const [pot, missing, again] = await Promise.allSettled(['/api/products/1', '/api/products/9999', '/api/products/1'].map(query));

  assert.equal(pot.value.name, 'Moka pot, 3 cups');
  assert.equal(again.value.name, 'Moka pot, 3 cups');
  assert.match(missing.reason.message, /\/api\/products\/9999 was answered with 404/);
  assert.deepEqual(proxy.batches().map(({ items }) => items.length), [2]);
});

test('calls of axios go together, interceptors and all', async (t) => {
  const { proxy, api } = await run(t, 'axios', 'api');
  const url = (path) => proxy.origin + path;

  const [pot, cart, missing] = await Promise.allSettled([
    api.get(url('/api/products/1')),
    api.post(url('/api/carts'), { customer: 'Ada' }),
    api.get(url('/api/products/9999')),
  ]);

  assert.equal(pot.value.data.name, 'Moka pot, 3 cups');
  assert.equal(cart.value.status, 201);
  assert.equal(cart.value.data.customer, 'Ada');
  assert.equal(missing.reason.response.status, 404);
  const [{ items, headers }] = proxy.batches();
  assert.equal(items.length, 3);
  assert.equal(headers.authorization, 'Bearer secret');
});
