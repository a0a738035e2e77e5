import assert from 'node:assert/strict';
import test from 'node:test';
import Batchelor from 'batchelor';
import {base, missing, mokaPot} from './shop.mjs';

function batch(options) {
  return new Batchelor({uri: base + '/batch', ...options});
}

function run(batch) {
  return new Promise((resolve, reject) => batch.run((error, answer) => (error ? reject(error) : resolve(answer))));
}

for (const [way, options] of [
  ['Prefer', {headers: {Prefer: 'multi-status=200'}}],
  ['the query', {uri: base + '/batch?multi-status=200'}],
]) {
  test(`success, failure and a POST, with 200 asked for by ${way}`, async () => {
    const answer = await run(batch(options)
      .add({method: 'GET', path: '/api/products/1', requestId: 'pot'})
      .add({method: 'POST', path: '/api/carts', requestId: 'cart', parameters: {body: {customer: 'Grace'}}})
      .add({method: 'GET', path: '/api/products/9999', requestId: 'missing'}));

    const [pot, cart, none, ...more] = answer.parts;
    assert.deepEqual(answer.parts.map(each => [each.headers['Content-ID'], each.statusCode]),
      [['pot', '200'], ['cart', '201'], ['missing', '404']]);
    assert.deepEqual(pot.body, mokaPot);
    assert.equal(cart.body.customer, 'Grace');
    assert.match(cart.headers.Location, /^\/api\/carts\/\d+$/);
    assert.deepEqual(none.body, missing);
    assert.deepEqual(more, []);
  });
}

test('each callback is called with its own answer', async () => {
  const answers = {};
  await run(batch({headers: {Prefer: 'multi-status=200'}}).add([1, 2, 3].map(id => ({
    method: 'GET',
    path: '/api/products/' + id,
    callback: answer => { answers[id] = answer.body.id; },
  }))));

  assert.deepEqual(answers, {1: 1, 2: 2, 3: 3});
});

test('a 207 is an error', async () => {
  await assert.rejects(run(batch({}).add({method: 'GET', path: '/api/products/1'})), /did not return 200 OK: 207/);
});
