// What a call gets from a batch, held against what `fetch` gets for the same request.

import assert from 'node:assert/strict';
import { STATUS_CODES } from 'node:http';
import test from 'node:test';
import { visit } from './site.mjs';
import { standIn } from './stand-in.mjs';

/** What an answer to an item does not have, and what Chromium has of its own cache. */
const NOT_COMPARED = ['connection', 'content-length', 'date', 'keep-alive', 'server', 'transfer-encoding', 'vary'];

const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => (index * 37) % 256));

/** What the demo has none of. */
const resources = {
  '/api/in/bytes': { status: 200, headers: { 'Content-Type': 'image/png' }, body: bytes },
  '/api/in/untyped': { status: 200, headers: {}, body: bytes },
  '/api/in/nothing': { status: 200, headers: { 'X-Nothing': 'yes' } },
  '/api/in/numbers': { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{"a":1e400,"a":0.10,"b":[ 1.0,"\\u00e4}]\\\\"] }' },
  '/api/in/text': { status: 200, headers: { 'Content-Type': 'text/plain;charset=utf-8' }, body: 'Größe: 10 µm\r\n"\u2028" 😀' },
  '/api/in/teapot': { status: 418, headers: { 'Content-Type': 'text/plain' }, body: 'short and stout' },
  '/api/in/moved': { status: 302, headers: { Location: '/api/products/1' } },
  '/api/in/twice': { status: 301, headers: { Location: '/api/in/moved' } },
};

const GETS = [
  '/api/products/1',
  '/api/products?category=coffee',
  '/api/products/9999',
  '/api/me',
  '/api/boom',
  '/api/reports/daily',
  '/api/tiny#fragment',
  '/favicon.svg',
  '/page.css',
  '/index.html',
  '/no/such/page',
  '/health',
  ...Object.keys(resources),
];

async function both(t, requests) {
  const { proxy, run } = await visit(t, {}, standIn(resources));
  const of = (how) => run(async ([which, all]) => {
    const send = which === 'alone' ? (...call) => fetch(...call) : batcher.fetch;
    return Promise.all((await Promise.all(all.map(([url, init]) => send(url, init)))).map(describe));
  }, [how, requests]);
  const alone = await of('alone');
  proxy.forget();
  const batched = await of('batched');
  // A HEAD goes alone.
  assert.equal(proxy.batches()[0].items.length, requests.filter(([, init]) => init?.method !== 'HEAD').length);
  return { alone, batched };
}

function assertAlike(requests, { alone, batched }) {
  requests.forEach((request, index) => {
    const isHead = request[1]?.method === 'HEAD';
    assert.deepEqual(comparable(batched[index]), comparable(alone[index]), JSON.stringify(request));
    if (!batched[index].redirected && !isHead) {
      assert.equal(batched[index].statusText, STATUS_CODES[batched[index].status]);
    }
  });
}

/** Without the reason phrase as well: containers have their own, items the standard one. */
function comparable({ headers, statusText: _, ...rest }) {
  return { ...rest, headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_COMPARED.includes(name))) };
}

for (const [how, init] of [['a stream', {}], ['an envelope', { method: 'GET', headers: { Accept: 'application/json' } }]]) {
  test(`GETs in ${how} are answered as they are alone`, async (t) => {
    const requests = GETS.map((url) => [url, init]);
    // One that changes something makes the answer an envelope.
    const all = how === 'a stream' ? requests : [...requests, ['/logout', { method: 'POST' }]];
    assertAlike(all, await both(t, all));
  });
}

test('HEAD, OPTIONS, PUT, DELETE and what has no resource are answered as they are alone', async (t) => {
  const requests = [
    ['/api/products/1', { method: 'HEAD' }],
    ['/api/products/9999', { method: 'HEAD' }],
    ['/favicon.svg', { method: 'HEAD' }],
    ['/api/products/1', { method: 'OPTIONS' }],
    ['/api/products/1', { method: 'DELETE' }],
    ['/api/carts', { method: 'PATCH', body: 'x' }],
    ['/api/carts', { method: 'post' }],
    ['/api/imports/never', { method: 'DELETE' }],
    ['/logout', { method: 'POST' }],
  ];

  const answers = await both(t, requests);

  // Each cart has its own number.
  const [cart] = [answers.alone, answers.batched].map((each) => each.splice(6, 1)[0]);
  assert.equal(cart.status, 201);
  requests.splice(6, 1);
  assertAlike(requests, answers);
});

test('the protected servlet says 401, and how to log in', async (t) => {
  const { run } = await visit(t);

  const answers = await run(async () => Promise.all((await Promise.all([
    // Without credentials of the browser's, or it would ask for some.
    batcher.fetch('/admin/figures', { credentials: 'omit' }),
    batcher.fetch('/admin/figures', { credentials: 'omit', headers: { Authorization: `Basic ${btoa('admin:admin')}` } }),
  ])).map(describe)));

  assert.deepEqual(answers.map(({ status }) => status), [401, 200]);
  assert.match(answers[0].headers['www-authenticate'], /^Basic realm="?Shop administration/i);
});

test('a response can be read in each way there is, and only once', async (t) => {
  const { run } = await visit(t, {}, standIn(resources));

  const seen = await run(async () => {
    const urls = ['/api/products/1', '/api/products/2', '/api/in/bytes', '/api/in/bytes', '/api/products/3', '/api/products/4'];
    const [json, text, blob, buffer, cloned, streamed] = await Promise.all(urls.map((url, index) =>
      batcher.fetch(`${url}?n=${index}`)));
    const clone = cloned.clone();
    const reader = streamed.body.getReader();
    let length = 0;
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      length += chunk.value.length;
    }
    const picture = await blob.blob();
    const result = {
      isResponse: json instanceof Response,
      unread: json.bodyUsed,
      json: (await json.json()).id,
      read: json.bodyUsed,
      again: await json.text().catch((error) => error.name),
      text: JSON.parse(await text.text()).id,
      blob: [picture.type, picture.size],
      buffer: Array.from(new Uint8Array(await buffer.arrayBuffer())).slice(0, 5),
      clone: [(await clone.json()).id, clone.status, new URL(clone.url).pathname, cloned.bodyUsed, (await cloned.json()).id],
      streamed: length > 0,
    };
    return result;
  });

  assert.deepEqual(seen, {
    isResponse: true,
    unread: false,
    json: 1,
    read: true,
    again: 'TypeError',
    text: 2,
    blob: ['image/png', 1000],
    buffer: [...bytes.subarray(0, 5)],
    clone: [3, 200, '/api/products/3', false, 3],
    streamed: true,
  });
});

test('a POST that is answered by a redirect runs once, and the browser goes where it leads', async (t) => {
  const { proxy, run } = await visit(t, {}, standIn({ '/api/in/done': { status: 303, headers: { Location: '/api/products/2' } } }));

  const answers = await run(() => settle([
    batcher.fetch('/api/in/done', json({ a: 1 })),
    batcher.fetch('/api/products/1'),
  ]));

  assert.match(answers[0], /^200 {"id":2,/);
  assert.match(answers[1], /^200 {"id":1,/);
  assert.equal(proxy.singles('/api/in/done').length, 0);
  assert.equal(proxy.batches().length, 1);
});
