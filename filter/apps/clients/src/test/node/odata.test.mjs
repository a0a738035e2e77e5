import assert from 'node:assert/strict';
import test from 'node:test';
import {o} from 'odata';
import {api, missing, mokaPot, stock} from './shop.mjs';

/** A client with some of the defaults for batches changed. */
function client(batch = {}) {
  const handler = o(api);
  Object.assign(handler.config.batch, batch);
  return handler;
}

for (const useRelativeURLs of [false, true]) {
  test(`success, failure and a POST, URLs ${useRelativeURLs ? 'relative' : 'absolute'}`, async () => {
    const [pot, cart, none, ...more] = await client({useRelativeURLs})
      .get('products/1').post('carts', {customer: 'Grace'}).get('products/9999').batch();

    assert.deepEqual(pot, {contentId: 1, status: 200, body: mokaPot});
    assert.equal(cart.contentId, 2);
    assert.equal(cart.status, 201);
    assert.equal(cart.body.customer, 'Grace');
    assert.deepEqual(none, {contentId: 3, status: 404, body: missing});
    assert.deepEqual(more, []);
  });
}

test('the first failure ends the batch, as OData has it', async () => {
  const answers = await client().get('products/9999').get('products/1').batch();

  assert.deepEqual(answers.map(each => each.status), [404, 424]);
});

test('with continue-on-error it goes on', async () => {
  const handler = client();
  handler.config.batch.headers.set('Prefer', 'odata.continue-on-error');
  const answers = await handler.get('products/9999').get('products/1').batch();

  assert.deepEqual(answers.map(each => each.status), [404, 200]);
});

test('a change set', async () => {
  const answers = await client({useChangset: true})
    .put('products/21/stock', {quantity: 6}).post('carts', {customer: 'Grace'}).batch();

  assert.deepEqual(answers.map(each => [each.contentId, each.status]), [[1, 200], [2, 201]]);
  assert.equal(await stock(21), 6);
});

test('a change set that is rolled back is one answer', async () => {
  const before = await stock(22);
  const answers = await client({useChangset: true})
    .put('products/22/stock', {quantity: before + 1}).put('products/9999/stock', {quantity: 1}).batch();

  assert.deepEqual(answers.map(each => [each.contentId, each.status]), [[2, 404]]);
  assert.equal(await stock(22), before);
});

test('beside a change set the client loses what else is in the batch', async () => {
  const answers = await client({useChangset: true}).put('products/23/stock', {quantity: 6}).get('products/1').batch();

  assert.deepEqual(answers.map(each => [each.contentId, each.status]), [[1, 200]]);
});
