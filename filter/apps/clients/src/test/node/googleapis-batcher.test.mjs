import assert from 'node:assert/strict';
import test from 'node:test';
import {batchFetchImplementation} from '@jrmdayn/googleapis-batcher';
import {base, missing, mokaPot} from './shop.mjs';

/** A fetch, as googleapis takes one; what is fetched in one turn of the event loop is a batch, posted to /batch. */
const fetchInBatch = batchFetchImplementation();

test('success, failure and a POST', async () => {
  const [pot, cart, none] = await Promise.all([
    fetchInBatch(base + '/api/products/1'),
    fetchInBatch(base + '/api/carts', {
      method: 'POST',
      headers: {'Content-Type': 'application/json'},
      body: '{"customer": "Grace"}',
    }),
    fetchInBatch(base + '/api/products/9999', {headers: {Accept: 'application/json'}}),
  ]);

  assert.equal(pot.status, 200);
  assert.deepEqual(await pot.json(), mokaPot);
  assert.equal(cart.status, 201);
  assert.match(cart.headers.get('location'), /^\/api\/carts\/\d+$/);
  assert.equal((await cart.json()).customer, 'Grace');
  assert.equal(none.ok, false);
  assert.equal(none.status, 404);
  assert.equal(none.headers.get('content-type'), 'application/problem+json');
  assert.deepEqual(await none.json(), missing);
});

test('fields of a Headers are not sent', async () => {
  const [, cart] = await Promise.all([
    fetchInBatch(base + '/api/products/1'),
    fetchInBatch(base + '/api/carts', {
      method: 'POST',
      headers: new Headers({'Content-Type': 'application/json'}),
      body: '{"customer": "Grace"}',
    }),
  ]);

  assert.equal(cart.status, 415);
});

test('forty at once, each with its own answer', async () => {
  const ids = Array.from({length: 40}, (_, i) => i + 1);
  const products = await Promise.all(
    ids.map(async id => (await fetchInBatch(`${base}/api/products/${id}`)).json()));

  assert.deepEqual(products.map(each => each.id), ids);
});
