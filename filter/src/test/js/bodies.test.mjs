import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBatcher } from '../../main/js/batch.js';
import { members } from '../../main/js/members.js';
import { randomOf, serverOf } from './server.mjs';

const bytesOf = (text, encoding) => new Uint8Array(Buffer.from(text, encoding));
const batcherOf = (server, options) => createBatcher({ endpoint: server.endpoint, fetch: server.fetch, ...options });

/** What the app gets when a call with such an init goes in a batch, and when it goes alone. */
async function arrives(init) {
  const server = serverOf({ app: () => ({}) });
  const { fetch } = batcherOf(server);
  await Promise.all([fetch(server.url('/x'), init()), fetch(server.url('/y'))]);
  const inBatch = server.ran.find(({ url }) => url === '/x');
  await fetch(server.url('/x'), { ...init(), batch: false });
  return { inBatch, byItself: server.ran[server.ran.length - 1], sent: server.batches[0]?.find(({ url }) => url === '/x') };
}

function formOf() {
  const form = new FormData();
  form.set('name', 'Zoë');
  form.set('file', new Blob([new Uint8Array([0, 255, 128])]), 'f.bin');
  return form;
}

const random = randomOf(7);
for (const [what, init] of [
  ['text', { body: 'Grüße \u{1F600}' }],
  ['half a surrogate pair', { body: '{"a":"\ud83d"}', headers: { 'Content-Type': 'application/json' } }],
  ['JSON with its spelling', { body: '{ "n": 1.00e+2, "big": 12345678901234567890, "n": 1 }', headers: { 'Content-Type': 'application/json' } }],
  ['JSON that is none', { body: '{"a":', headers: { 'Content-Type': 'application/json' } }],
  ['deep JSON', { body: '['.repeat(5000) + ']'.repeat(5000), headers: { 'Content-Type': 'application/json' } }],
  ['a byte order mark', { body: '\ufeffabc' }],
  ['random bytes', { body: Uint8Array.from({ length: 1000 }, () => random() * 256) }],
  ['a part of a buffer', { body: new Uint8Array(bytesOf('abcdef').buffer, 2, 3) }],
  ['a buffer', { body: bytesOf('abc').buffer }],
  ['bytes that are no UTF-8 in what says it is', { body: new Uint8Array([0x61, 0xff]), headers: { 'Content-Type': 'text/plain;charset=utf-8' } }],
  ['text in another charset', { body: bytesOf('Grüße', 'latin1'), headers: { 'Content-Type': 'text/plain;charset=iso-8859-1' } }],
  ['ASCII in UTF-16', { body: bytesOf('abc', 'utf16le'), headers: { 'Content-Type': 'text/plain; charset="utf-16"' } }],
  ['a charset that only begins as UTF-8', { body: 'abc', headers: { 'Content-Type': 'text/plain;charset=utf-8x' } }],
  ['a Blob', { body: new Blob(['abc'], { type: 'image/png' }) }],
  ['URLSearchParams', { body: new URLSearchParams({ a: 'ü &', b: '' }) }],
  ['an empty body', { body: '' }],
  ['no body', {}],
  ['control characters', { body: '\u0000\u0001\n\t"\\' }],
]) {
  test(`${what} arrives byte for byte`, async () => {
    const { inBatch, byItself, sent } = await arrives(() => ({ method: 'PUT', ...init }));

    assert.ok(sent, 'it went in a batch');
    assert.deepEqual(Buffer.from(inBatch.bytes), Buffer.from(byItself.bytes));
    assert.equal(inBatch.headers.get('Content-Type'), byItself.headers.get('Content-Type'));
    assert.equal(inBatch.method, 'PUT');
  });
}

test('FormData arrives with its files', async () => {
  const { inBatch } = await arrives(() => ({ method: 'POST', body: formOf() }));

  const form = await new Response(inBatch.bytes, { headers: { 'Content-Type': inBatch.headers.get('Content-Type') } }).formData();
  assert.equal(form.get('name'), 'Zoë');
  assert.deepEqual(new Uint8Array(await form.get('file').arrayBuffer()), new Uint8Array([0, 255, 128]));
});

test('the body of a Request arrives', async () => {
  const server = serverOf();
  const { fetch } = batcherOf(server);

  await Promise.all([fetch(new Request(server.url('/x'), { method: 'POST', body: 'abc' })), fetch(server.url('/y'))]);

  assert.equal(Buffer.from(server.ran[0].bytes).toString(), 'abc');
});

test('a Request in place of init gives what it has', async () => {
  const server = serverOf();
  const { fetch } = batcherOf(server);
  const old = new Request(server.url('/old'), { method: 'POST', body: 'abc', headers: { 'X-Own': '1' } });

  await Promise.all([fetch(server.url('/x'), old), fetch(server.url('/y'))]);

  const { method, url, headers, bytes } = server.ran[0];
  assert.deepEqual([method, url, headers.get('X-Own'), Buffer.from(bytes).toString()], ['POST', '/x', '1', 'abc']);
});

test('a body that cannot be read rejects as it does with fetch', async () => {
  const server = serverOf();
  const { fetch } = batcherOf(server);
  const stream = new ReadableStream({ pull: (to) => to.error(new Error('disk')) });
  const request = new Request(server.url('/x'), { method: 'POST', body: stream, duplex: 'half' });

  const results = await Promise.allSettled([fetch(request), fetch(server.url('/a')), fetch(server.url('/b'))]);

  assert.deepEqual(results.map(({ status }) => status), ['rejected', 'fulfilled', 'fulfilled']);
});

/** What the page gets of an answer, in an envelope and as a stream. */
async function answers(respond, init) {
  const all = [];
  for (const stream of [false, true]) {
    const server = serverOf({ app: ({ url }) => (url === '/x' ? respond() : {}) });
    const { fetch } = batcherOf(server, { stream });
    const [response] = await Promise.all([fetch(server.url('/x#there'), init), fetch(server.url('/y'))]);
    assert.equal(server.batches.length, 1);
    all.push({ response, bytes: Buffer.from(await response.clone().arrayBuffer()) });
  }
  return all;
}

for (const [what, content, type] of [
  ['JSON', '{"a":1}', 'application/json'],
  ['numbers as they are spelled', '{"n":1.00e+2,"big":12345678901234567890123}', 'application/json'],
  ['JSON with white space', ' {  "a" : [ 1 ,\t2 ] } ', 'application/problem+json'],
  ['JSON that is no object', '"\\u00fc\\"]}"', 'application/json'],
  ['null', 'null', 'application/json'],
  ['text', 'Grüße\n"\\', 'text/plain;charset=utf-8'],
  ['text in Latin-1', Buffer.from('Grüße', 'latin1'), 'text/plain;charset=ISO-8859-1'],
  ['bytes', Buffer.from(Array.from({ length: 300 }, (_, at) => at)), 'image/png'],
  ['what has no type', Buffer.from('?>?>~~'), ''],
]) {
  test(`the answer ${what} comes byte for byte`, async () => {
    const all = await answers(() => {
      const response = new Response(new Uint8Array(Buffer.from(content)), { status: 201, headers: type ? { 'Content-Type': type } : {} });
      return response;
    });

    all.forEach(({ bytes, response }) => {
      assert.deepEqual(bytes, Buffer.from(content));
      assert.equal(response.status, 201);
      assert.equal(response.headers.get('Content-Type'), type || null);
    });
  });
}

for (const status of [200, 203, 204, 205, 206, 304, 400, 404, 418, 451, 500, 599]) {
  test(`the status ${status} comes as it is`, async () => {
    const all = await answers(() => new Response(null, { status, statusText: 'Whatever', headers: { ETag: '"1"' } }));

    all.forEach(({ response, bytes }) => {
      assert.equal(response.status, status);
      assert.equal(response.statusText, 'Whatever');
      assert.equal(response.ok, status < 300);
      assert.equal(response.headers.get('ETag'), '"1"');
      assert.equal(bytes.length, 0);
    });
  });
}

test('a status that scripts may not give comes all the same', async () => {
  const all = await answers(() => Object.assign(new Response('odd'), { oddStatus: 999 }));

  all.forEach(({ response }) => {
    assert.equal(response.status, 999);
    assert.equal(response.ok, false);
    assert.equal(response.clone().status, 999);
  });
});

test('a HEAD goes alone, since its Content-Length would be lost', async () => {
  const server = serverOf({ app: () => new Response(null, { headers: { 'Content-Length': '7' } }) });
  const { fetch } = batcherOf(server);

  const [response] = await Promise.all([fetch(server.url('/x'), { method: 'HEAD' }), fetch(server.url('/a')), fetch(server.url('/b'))]);

  assert.equal(response.headers.get('Content-Length'), '7');
  assert.deepEqual(server.batches.map((batch) => batch.map(({ url }) => url)), [['/a', '/b']]);
});

for (const [what, content] of [['no body', null], ['null', 'null'], ['text', 'gone']]) {
  test(`a problem with ${what} is an answer like any other`, async () => {
    const all = await answers(() => {
      const response = new Response(content, { status: 404, headers: { 'Content-Type': 'application/problem+json' } });
      return content === 'gone' ? Object.assign(response, { asText: true }) : response;
    });

    all.forEach(({ response, bytes }) => assert.deepEqual([response.status, `${bytes}`], [404, content ?? '']));
  });
}

test('an answer says where it comes from, and its copies do', async () => {
  const [{ response }] = await answers(() => new Response('x'));

  for (const one of [response, response.clone(), response.clone().clone()]) {
    assert.ok(one instanceof Response);
    assert.deepEqual([one.url, one.type, one.redirected], ['http://shop.test/x', 'basic', false]);
    assert.equal(await one.text(), 'x');
  }
});

test('an answer that cannot be read harms no neighbour', async () => {
  const server = serverOf({
    way: async (request, next, { path, method }) => {
      const response = await next();
      return path === '/batch' && method === 'POST'
        ? new Response((await response.text()).replace('"X-Odd":"1"', '"X Odd":"1"').replace('"Location":"1"', '"Location":"http://["'), response) : response;
    },
    app: ({ url }) => new Response(url, url === '/x' ? { headers: { 'X-Odd': '1' } } : url === '/r' ? { status: 303, headers: { Location: '1' } } : {}),
  });
  const { fetch } = batcherOf(server);

  const paths = ['/x', '/a', '/r', '/b'];
  const results = await Promise.allSettled(paths.map((path) => fetch(server.url(path), { method: 'POST' })));

  assert.deepEqual(results.map(({ status }) => status), ['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  assert.equal(results[2].reason.constructor, TypeError);
  // A header that cannot be is left out.
  assert.equal(await results[0].value.text(), '/x');
  assert.equal(server.ran.length, 4);
  // What is safe can be asked for again.
  const again = await Promise.all(paths.map((path) => fetch(server.url(path))));
  assert.deepEqual(again.map(({ status }) => status), [200, 200, 303, 200]);
});

for (const [status, method, then] of [
  [301, 'POST', 'GET'], [302, 'POST', 'GET'], [303, 'POST', 'GET'], [303, 'PUT', 'GET'], [302, 'PUT', 'PUT'], [307, 'POST', 'POST'], [308, 'PATCH', 'PATCH'],
]) {
  test(`a ${method} that is answered with ${status} goes on as ${then}, and is not sent again`, async () => {
    const server = serverOf({
      app: ({ url }) => (url === '/x' ? new Response(null, { status, headers: { Location: '/there?a=1' } }) : { url }), keys: false,
    });
    const { fetch } = batcherOf(server);

    const [response] = await Promise.all([
      fetch(server.url('/x'), { method, body: '{"a":1}', headers: { 'Content-Type': 'application/json', 'X-Own': '1' } }), fetch(server.url('/y')),
    ]);

    assert.deepEqual(await response.json(), { url: '/there?a=1' });
    assert.equal(response.redirected, true);
    assert.deepEqual(server.ran.map((one) => `${one.method} ${one.url}`), [`${method} /x`, 'GET /y', `${then} /there?a=1`]);
    const { headers, bytes } = server.ran[2];
    assert.equal(Buffer.from(bytes).toString(), then === 'GET' ? '' : '{"a":1}');
    assert.equal(headers.get('Content-Type'), then === 'GET' ? null : 'application/json');
    assert.equal(headers.get('X-Own'), '1');
    assert.equal(headers.get('Idempotency-Key'), null);
  });
}

test('a token does not go to another origin with a redirect', async () => {
  const server = serverOf({ app: ({ url }) => (url === '/x' ? new Response(null, { status: 307, headers: { Location: 'http://other.test/' } }) : {}) });
  let away;
  const { fetch } = batcherOf(server, {
    fetch: (input, init) => {
      const request = new Request(input, init);
      return request.url.startsWith('http://shop.test') ? server.fetch(input, init) : Promise.resolve(new Response(`${away = request}`));
    },
  });

  await Promise.all([fetch(server.url('/x'), { method: 'POST', body: 'b', headers: { Authorization: 'Bearer t' } }), fetch(server.url('/y'))]);

  assert.equal(away.headers.get('Authorization'), null);
  assert.equal(await away.text(), 'b');
});

for (const location of ['mailto:a@b.test', 'data:text/plain,x', 'blob:http://shop.test/1']) {
  test(`a redirect to ${location} rejects as with fetch`, async () => {
    const server = serverOf({ app: ({ url }) => (url === '/x' ? new Response(null, { status: 303, headers: { Location: location } }) : {}) });
    const { fetch } = batcherOf(server);

    const [led, other] = await Promise.allSettled([fetch(server.url('/x'), { method: 'POST' }), fetch(server.url('/y'))]);

    assert.equal(led.reason.constructor, TypeError);
    assert.equal(other.status, 'fulfilled');
    assert.equal(server.requests.length, 2);
  });
}

test('a GET that is redirected is left to fetch', async () => {
  const server = serverOf({ app: ({ url, signal }) => (url === '/x' && !signal ? new Response(null, { status: 302, headers: { Location: '/y' } }) : { url }) });
  const { fetch } = batcherOf(server);

  await Promise.all([fetch(server.url('/x')), fetch(server.url('/y'))]);

  assert.deepEqual(server.seen.filter((line) => !/ \/batch/.test(line)), ['GET /x']);
});

test('members finds what JSON.parse finds, with the text of each', () => {
  const next = randomOf(42);
  const pick = (...all) => all[Math.floor(next() * all.length)];
  const space = () => pick('', '', ' ', '\n', '\t ');
  const string = () => JSON.stringify(pick('', 'a', 'é"', '\\', '{[,:]}', '\u2028', '\ud800', '\\"', '"\\\\"'));
  const write = (depth) => {
    const many = Array.from({ length: Math.floor(next() * 4) });
    const value = depth > 3 ? 9 : Math.floor(next() * 6);
    return value === 0 ? `{${space()}${many.map((_, at) => `${space()}${JSON.stringify(`k${at}${pick('', '"', ':')}`)}${space()}:${space()}${write(depth + 1)}`).join(',')}${space()}}`
      : value === 1 ? `[${space()}${many.map(() => space() + write(depth + 1) + space()).join(',')}]`
        : pick(string(), string(), '1.50', '-0', '1e+2', 'true', 'null', '12345678901234567890');
  };
  let tried = 0;
  for (let i = 0; i < 3000; i++) {
    const text = write(0);
    const value = JSON.parse(text);
    if (Object(value) === value && Object.keys(value).length) {
      tried++;
      const found = members(text);
      const read = found.map(([name, part]) => [name, JSON.parse(part)]);
      assert.deepEqual(Array.isArray(value) ? read.map(([, part]) => part) : Object.fromEntries(read), value, text);
      found.forEach(([, part]) => assert.ok(text.includes(part)));
    }
  }
  assert.ok(tried > 300);
});
