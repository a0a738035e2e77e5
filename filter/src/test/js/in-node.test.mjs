// The module without a browser and without a server: what it makes of answers that a server or a network can give, but the demo
// does not. In a browser it is tested in filter/apps/clients/src/test/browser.

import assert from 'node:assert/strict';
import test from 'node:test';
import { createBatcher } from '../../main/js/batch.js';

const SITE = 'https://shop.example';
const NDJSON = 'application/x-ndjson';
const CAPABILITIES = { limits: { maxRequests: 100, maxBatchBytes: 1_000_000 }, features: ['idempotency', 'respond-async'], idempotency: { paths: ['/*'] } };

/** A batcher whose batches are answered by `answer(items, request)`, and other requests by `single(request)`. */
function batcherFor(answer, { single = () => new Response('alone'), ...options } = {}) {
  const sent = [];
  const fake = async (input, init) => {
    const request = new Request(input, init);
    const { pathname } = new URL(request.url);
    if (pathname !== '/batch') {
      sent.push({ alone: pathname });
      return single(request);
    }
    if (request.method === 'GET') {
      return Response.json(CAPABILITIES);
    }
    const items = JSON.parse(await request.clone().text()).requests;
    sent.push({ batch: items.map(({ url }) => url), accept: request.headers.get('Accept'), url: request.url });
    return answer(items, request);
  };
  return { batcher: createBatcher({ endpoint: `${SITE}/batch`, fetch: fake, ...options }), sent };
}

const entry = (id, more) => ({ id, status: 200, message: 'OK', headers: {}, ...more });

const summaryOf = (entries) => ({ total: entries.length, succeeded: entries.length, failed: 0, retryable: [] });

function envelope(entries, { indent, summary = summaryOf(entries) } = {}) {
  return new Response(JSON.stringify({ status: 207, responses: entries, summary }, null, indent), {
    status: 207, headers: { 'Content-Type': 'application/json' },
  });
}

/** A streamed answer, in pieces of so many bytes. */
function stream(text, pieceLength = 1e6) {
  const bytes = new TextEncoder().encode(text);
  const body = new ReadableStream({
    start(controller) {
      for (let from = 0; from < bytes.length; from += pieceLength) {
        controller.enqueue(bytes.slice(from, from + pieceLength));
      }
      controller.close();
    },
  });
  return new Response(body, { status: 207, headers: { 'Content-Type': `${NDJSON};charset=utf-8` } });
}

const linesOf = (entries) => [...entries, { status: 207, summary: summaryOf(entries) }].map((line) => `${JSON.stringify(line)}\n`).join('');

const texts = (responses) => Promise.all(responses.map((response) => response.text()));

const getAll = (batcher, paths) => Promise.all(paths.map((path) => batcher.fetch(SITE + path)));

for (const length of [1, 2, 3, 7, 1000]) {
  test(`lines that come in pieces of ${length} bytes are put together`, async () => {
    const text = { 'Content-Type': 'text/plain' };
    const { batcher } = batcherFor((items) => stream(`\n${linesOf(items.map(({ id, url }) =>
      entry(id, { headers: text, body: `${url} ä€😀 "\n\u2028`, bodyEncoding: 'text' })))}\n`, length));

    const answers = await texts(await getAll(batcher, ['/a', '/b']));

    assert.deepEqual(answers, ['/a ä€😀 "\n\u2028', '/b ä€😀 "\n\u2028']);
  });
}

test('answers are told apart by their ids, in whatever order they come', async () => {
  const { batcher } = batcherFor((items) => stream(linesOf([...items].reverse().map(({ id, url }) => entry(id, { body: url })))));

  assert.deepEqual(await texts(await getAll(batcher, ['/a', '/b', '/c'])), ['"/a"', '"/b"', '"/c"']);
});

test('JSON is handed on as it is written, in an envelope that is written in another way too', async () => {
  const written = '{ "a" : 1e400, "a":0.10, "b":[ "\\u00e4]}\\"\\\\", {} ,[ ] ], "n":12345678901234567890 }';
  const { batcher } = batcherFor((items) => new Response(`{
    "extra": {"responses": [1, "]"]},
    "responses" : [ ${items.map(({ id }) => ` { "body" :${written}, "headers":{"X-A":"}"}, "status":200, "id": ${JSON.stringify(id)} } `).join(' , ')} ],
    "summary": ${JSON.stringify(summaryOf(items))}, "status": 207 }`, { status: 207, headers: { 'Content-Type': 'application/json' } }), { stream: false });

  const responses = await getAll(batcher, ['/a', '/b']);

  assert.equal(responses[0].headers.get('X-A'), '}');
  assert.deepEqual(await texts(responses), [written, written]);
});

test('bodies in base64, of either alphabet and padded or not, are bytes', async () => {
  const bodies = ['-_8', '+/8=', '-_8=', ''];
  const { batcher } = batcherFor((items) => envelope(items.map(({ id }, index) =>
    entry(id, { body: bodies[index], bodyEncoding: 'base64' }))));

  const answers = await Promise.all((await getAll(batcher, ['/a', '/b', '/c', '/d'])).map((response) => response.arrayBuffer()));

  assert.deepEqual(answers.map((buffer) => [...new Uint8Array(buffer)]), [[251, 255], [251, 255], [251, 255], []]);
});

test('statuses that have no body have none', async () => {
  const { batcher } = batcherFor((items) => envelope(items.map(({ id }, index) => entry(id, { status: [204, 205, 304][index] }))));

  const responses = await getAll(batcher, ['/a', '/b', '/c']);

  assert.deepEqual(responses.map(({ status, body }) => [status, body]), [[204, null], [205, null], [304, null]]);
});

test('what has no line in a stream that ends too early is asked for again, without streaming, and nothing else is', async () => {
  const { batcher, sent } = batcherFor((items, request) => (request.headers.get('Accept') === NDJSON
    ? stream(`${JSON.stringify(entry(items[0].id, { body: 1 }))}\n{"id":"1","sta`)
    : envelope(items.map(({ id }) => entry(id, { body: 2 })))));

  assert.deepEqual(await texts(await getAll(batcher, ['/a', '/b', '/c'])), ['1', '2', '2']);
  assert.deepEqual(sent.map(({ batch }) => batch), [['/a', '/b', '/c'], ['/b', '/c']]);
  await getAll(batcher, ['/d', '/e']);
  assert.notEqual(sent.at(-1).accept, NDJSON);
});

test('an envelope that leaves an item out is not taken for whole', async () => {
  let batches = 0;
  const { batcher } = batcherFor((items) => {
    batches += 1;
    const entries = items.map(({ id }) => entry(id, { body: batches }));
    return envelope(batches === 1 ? entries.slice(1) : entries);
  }, { stream: false });

  const answers = await texts(await getAll(batcher, ['/a', '/b', '/c']));

  assert.equal(answers.length, 3);
  assert.deepEqual(answers.slice(1), ['1', '1']);
});

test('ids that nobody has asked for are ignored', async () => {
  const { batcher } = batcherFor((items) => stream(linesOf([
    entry('nobody', { body: 0 }), entry('999', { body: 0 }), ...items.map(({ id }) => entry(id, { body: 1 }))])));

  assert.deepEqual(await texts(await getAll(batcher, ['/a', '/b'])), ['1', '1']);
});

test('a problem without a body, as of a HEAD, is a failure like any other', async () => {
  const { batcher } = batcherFor((items) => envelope(items.map(({ id }, index) =>
    entry(id, { status: 404, headers: { 'Content-Type': 'application/problem+json' }, ...(index && { body: null }) }))));

  const { responses } = await batcher.batch(['/a', '/b'].map((url, id) => ({ id: `${id}`, method: 'HEAD', url })));

  assert.deepEqual(responses.map(({ status, response }) => [status, response.body]), [[404, null], [404, null]]);
});

test('what cannot be a Response is asked for again if that is safe, else it rejects, and it costs its neighbours nothing', async () => {
  const { batcher, sent } = batcherFor((items) => envelope(items.map(({ id, url }) =>
    entry(id, url === '/b' ? { body: 1 } : { message: '\0' }))), { idempotency: false });

  const [get, post, other] = await Promise.allSettled([
    batcher.fetch(`${SITE}/a`), batcher.fetch(`${SITE}/a`, { method: 'POST' }), batcher.fetch(`${SITE}/b`)]);

  assert.equal(await get.value.text(), 'alone');
  assert.equal(post.reason.name, 'TypeError');
  assert.equal(await other.value.text(), '1');
  assert.deepEqual(sent.filter(({ alone }) => alone), [{ alone: '/a' }]);
});

test('a status that scripts cannot give a Response is there all the same', async () => {
  const { batcher } = batcherFor((items) => envelope(items.map(({ id }) => entry(id, { status: 777, body: 1 }))));

  const [response] = await getAll(batcher, ['/a', '/b']);

  assert.deepEqual([response.status, response.ok, response.clone().status, await response.text()], [777, false, 777, '1']);
});

test('a Retry-After may be a date', async () => {
  let batches = 0;
  const { batcher } = batcherFor((items) => {
    batches += 1;
    const headers = { 'Retry-After': new Date(Date.now() + 3_600_000).toUTCString() };
    const entries = items.map(({ id }) => entry(id, { status: 503, headers }));
    return envelope(entries, { summary: { ...summaryOf(entries), retryable: items.map(({ id }) => id) } });
  }, { retry: 5 });

  const responses = await getAll(batcher, ['/a', '/b']);

  // An hour is more than the longest wait.
  assert.deepEqual(responses.map(({ status }) => status), [503, 503]);
  assert.equal(batches, 1);
});

test('what the endpoint does not take as an item goes alone, and the next time at once', async () => {
  const { batcher, sent } = batcherFor((items) => envelope(items.map(({ id, url }) => (url === '/denied'
    ? entry(id, { status: 403, refused: true, headers: { 'Content-Type': 'application/problem+json' }, body: { type: 'urn:multistatus:forbidden-target' } })
    : entry(id, { body: 1 })))));

  assert.deepEqual(await texts(await getAll(batcher, ['/denied', '/a', '/b'])), ['alone', '1', '1']);
  assert.deepEqual(await texts(await getAll(batcher, ['/denied', '/a', '/b'])), ['alone', '1', '1']);
  assert.deepEqual(sent.filter(({ batch }) => batch).map(({ batch }) => batch.length), [3, 2]);
});

test('headers that cannot be asked for reject the calls, and nothing is sent', async () => {
  const { batcher, sent } = batcherFor(() => envelope([]), { headers: () => { throw new RangeError('no token'); } });

  const settled = await Promise.allSettled(['/a', '/b'].map((path) => batcher.fetch(SITE + path)));

  assert.deepEqual(settled.map(({ reason }) => reason.message), ['no token', 'no token']);
  assert.deepEqual(sent, []);
});
