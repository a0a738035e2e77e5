// What the app gets of a call in a batch, held against what it gets of the same call alone.

import assert from 'node:assert/strict';
import test from 'node:test';
import { visit } from './site.mjs';

/** Expressions that the page evaluates to what `fetch` takes after the URL; in each `url` is the URL. */
const CALLS = {
  'a string': `[url, {method: 'POST', body: 'Größe "10" \\n\\u2028 😀'}]`,
  'an empty string': `[url, {method: 'POST', body: ''}]`,
  'no body': `[url, {method: 'POST'}]`,
  JSON: `[url, json({a: [1, 'ä'], b: null})]`,
  'JSON null': `[url, json(null)]`,
  'what is called JSON and is none': `[url, {...json(0), body: '{oops'}]`,
  'JSON with half a surrogate pair': `[url, {...json(0), body: '{"a":"\\\\ud800"}'}]`,
  'what looks like a reference': `[url, json({a: '{$0.body#/id}', b: '$0'})]`,
  'URLSearchParams': `[url, {method: 'POST', body: new URLSearchParams({a: 'ä &=', b: ''})}]`,
  'a Blob with a type': `[url, {method: 'PUT', body: new Blob(['<a/>'], {type: 'text/xml'})}]`,
  'a Blob without one': `[url, {method: 'PUT', body: new Blob([new Uint8Array([0, 255, 254, 10])])}]`,
  'bytes of all kinds': `[url, {method: 'PUT', body: Uint8Array.from({length: 1024}, (_, index) => (index * 31) % 256)}]`,
  'a part of a buffer': `[url, {method: 'PUT', body: new Uint8Array([1, 2, 3, 4, 5]).subarray(1, 4)}]`,
  'an ArrayBuffer': `[url, {method: 'PUT', body: new Uint8Array([1, 2, 200]).buffer}]`,
  'a DataView': `[url, {method: 'PUT', body: new DataView(new ArrayBuffer(4))}]`,
  'sixteen bit numbers': `[url, {method: 'PUT', body: new Uint16Array([1, 1000])}]`,
  'bytes that are called text': `[url, {method: 'POST', headers: {'Content-Type': 'text/plain'}, body: new Uint8Array([228, 10])}]`,
  'Latin-1': `[url, {method: 'POST', headers: {'Content-Type': 'text/plain;charset=iso-8859-1'}, body: new Uint8Array([228, 10])}]`,
  'a byte order mark': `[url, {method: 'POST', body: '\\ufeffx'}]`,
  'a body without a type': `[new Request(url, {method: 'POST', body: new Uint8Array([123, 125])})]`,
  'a Request': `[new Request(url, {method: 'POST', headers: {'X-Of': 'Request'}, body: 'x'})]`,
  'a Request and an init': `[new Request(url, {method: 'POST', headers: {'X-Of': 'Request'}, body: 'x'}),
    {method: 'PUT', headers: [['X-Of', 'init'], ['X-More', 'a'], ['X-More', 'b']], body: 'y'}]`,
  'a URL': `[new URL(url, location), {method: 'DELETE', headers: new Headers({'X-Of': 'Headers'})}]`,
  'a URL with what needs escapes': `[url + '&q=ä b|"', {headers: {'X-Latin': 'caf\\u00e9'}}]`,
  'a URL with a fragment': `[url + '#part']`,
  'a method in small letters': `[url, {method: 'put', body: 'x'}]`,
  'a method of its own': `[url, {method: 'REPORT', body: 'x'}]`,
};

/** Header that the browser adds to what goes alone, or the endpoint to an item. */
const COMPARED = /^(content-type|accept|authorization|x-.*)$/;

test('each kind of body, header and method arrives as it does alone', async (t) => {
  const { proxy, run } = await visit(t, { idempotency: false });
  const send = (how) => run(async ([which, calls]) => {
    const sender = which === 'alone' ? (...call) => fetch(...call) : batcher.fetch;
    const made = calls.map((call, index) => new Function('url', `return ${call}`)(`/api/nothing/here?n=${index}`));
    return Promise.all(made.map(async (call) => (await sender(...call)).status));
  }, [how, Object.values(CALLS)]);

  const statuses = await send('alone');
  const alone = proxy.singles('/api/nothing/here').map(asSent).sort(byNumber);
  proxy.forget();
  assert.deepEqual(await send('batched'), statuses);

  assert.equal(proxy.singles('/api/').length, 0);
  const [batch] = proxy.batches();
  const batched = batch.items.map((item) => asRun(item, batch.headers)).sort(byNumber);
  assert.equal(batched.length, Object.keys(CALLS).length);
  Object.keys(CALLS).forEach((name, index) => assert.deepEqual(batched[index], alone[index], name));
});

test('JSON arrives as it is written, also if no parser keeps it like that', async (t) => {
  const { proxy, run } = await visit(t);

  await run(() => settle(['{"a":1e400,"a":0.10, "b" : 12345678901234567890}', '{}'].map((body) =>
    batcher.fetch('/api/nothing', { ...json(0), body }))));

  assert.match(proxy.batches()[0].body.toString(), /1e400,\\?"a\\?":0.10, \\?"b\\?" : 12345678901234567890/);
});

test('a FormData arrives with its fields and files', async (t) => {
  const { proxy, run } = await visit(t);

  await run(() => {
    const form = new FormData();
    form.append('name', 'Größe');
    form.append('file', new Blob([new Uint8Array([0, 200, 13, 10])], { type: 'image/png' }), 'ä.png');
    return settle([batcher.fetch('/api/nothing', { method: 'POST', body: form }), batcher.fetch('/api/tiny')]);
  });

  const { body, headers } = asRun(proxy.batches()[0].items[0], proxy.batches()[0].headers);
  const form = await new Response(Buffer.from(body, 'base64'), { headers }).formData();
  assert.equal(form.get('name'), 'Größe');
  assert.equal(form.get('file').name, 'ä.png');
  assert.equal(form.get('file').type, 'image/png');
  assert.deepEqual(Buffer.from(await form.get('file').arrayBuffer()), Buffer.from([0, 200, 13, 10]));
});

test('the shop understands forms and JSON of all kinds', async (t) => {
  const { proxy, run } = await visit(t);

  const answers = await run(() => settle([
    batcher.fetch('/login', { method: 'POST', body: new URLSearchParams({ user: 'demo', password: 'demo' }) }),
    batcher.fetch('/login', { method: 'POST', body: new URLSearchParams({ user: 'dämo', password: 'x' }) }),
    batcher.fetch('/api/carts', json({ customer: 'Åsa' })),
    batcher.fetch('/api/carts', { ...json(0), body: new TextEncoder().encode('{"customer": "Bytes"}') }),
    batcher.fetch('/api/carts', { ...json(0), body: new Blob(['{"customer": "Blob"}']) }),
    batcher.fetch('/api/carts', { ...json(0), body: '{oops' }),
    batcher.fetch('/api/carts', { method: 'POST' }),
  ]));

  assert.equal(answers[0], '200 {"user":"demo"}');
  assert.match(answers[1], /^401 .*'dämo'/);
  assert.match(answers[2], /^201 .*"customer":"Åsa"/);
  assert.match(answers[3], /^201 .*"customer":"Bytes"/);
  assert.match(answers[4], /^201 .*"customer":"Blob"/);
  assert.match(answers[5], /^400 /);
  assert.match(answers[6], /^201 /);
  assert.equal(proxy.batches().length, 1);
  assert.equal(proxy.batches()[0].items.length, 7);
});

test('what fetch does not take is a TypeError, and costs the others nothing', async (t) => {
  const { proxy, run } = await visit(t);

  const answers = await run(() => settle([
    batcher.fetch('http://[', {}),
    batcher.fetch('/api/tiny', { body: 'a GET with a body' }),
    batcher.fetch('/api/tiny', { method: 'TRACE' }),
    batcher.fetch('/api/tiny?a'),
    batcher.fetch('/api/tiny?b'),
  ]));

  assert.deepEqual(answers, ['TypeError', 'TypeError', 'TypeError', '200 {"ok":true}', '200 {"ok":true}']);
  assert.equal(proxy.batches()[0].items.length, 2);
});

test('a call with a stream as its body is in no batch', async (t) => {
  const { proxy, run } = await visit(t);

  const answers = await run(() => settle([
    batcher.fetch('/api/carts', {
      ...json(0), duplex: 'half', body: new ReadableStream({ start(controller) { controller.close(); } }),
    }),
    batcher.fetch('/api/tiny?a'),
    batcher.fetch('/api/tiny?b'),
  ]));

  // Alone, Chromium sends streams over HTTP/2 only.
  assert.deepEqual(answers.slice(1), ['200 {"ok":true}', '200 {"ok":true}']);
  assert.equal(proxy.batches()[0].items.length, 2);
});

function byNumber(one, other) {
  return numberIn(one) - numberIn(other);
}

function numberIn({ url }) {
  return Number(/n=(\d+)/.exec(url)[1]);
}

/** A request that went alone, as far as it is compared. */
function asSent({ method, url, headers, body }) {
  return { method, url, headers: comparable(headers), body: body.toString('base64') };
}

/** The request that the server makes of an item, by what WIRE-FORMAT.md says. */
function asRun({ method, url, headers = {}, body, bodyEncoding }, ofBatch) {
  const inherited = Object.entries(ofBatch).filter(([name]) => !/^(content-.*|accept|accept-encoding)$/.test(name));
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  const all = Object.fromEntries([...inherited, ...own]);
  return { method, url, headers: comparable(all), body: bytesOf(body, bodyEncoding, all['content-type']).toString('base64') };
}

function comparable(headers) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => COMPARED.test(name)).sort());
}

function bytesOf(body, encoding, type = 'application/json') {
  if (body === undefined || (body === null && encoding !== 'json')) {
    return Buffer.alloc(0);
  }
  if (encoding === 'base64') {
    return Buffer.from(body, 'base64');
  }
  return Buffer.from(encoding === 'text' || !/json/.test(type) ? body : JSON.stringify(body));
}
