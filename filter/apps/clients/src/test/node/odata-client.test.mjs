import assert from 'node:assert/strict';
import test from 'node:test';
import odata from '@odata/client';
import {api, missing, mokaPot, stock} from './shop.mjs';

const client = odata.OData.New4({serviceEndpoint: api});

// Multipart, where each write is a change set of its own, and JSON.
for (const execute of ['execBatchRequests', 'execBatchRequestsJson']) {
  test(`success, failure and a POST by ${execute}`, async () => {
    const [pot, cart, none, ...more] = await client[execute]([
      client.newBatchRequest({collection: 'products/1', method: 'GET'}),
      client.newBatchRequest({collection: 'carts', method: 'POST', entity: {customer: 'Grace'}}),
      client.newBatchRequest({collection: 'products/9999', method: 'GET'}),
    ]);

    assert.equal(pot.status, 200);
    assert.deepEqual(await pot.json(), mokaPot);
    assert.equal(cart.status, 201);
    assert.match(cart.headers.Location, /^\/api\/carts\/\d+$/);
    assert.equal((await cart.json()).customer, 'Grace');
    assert.equal(none.status, 404);
    assert.deepEqual(await none.json(), missing);
    assert.deepEqual(more, []);
  });
}

for (const [commonHeaders, expected] of [[{}, [404, 424]], [{Prefer: 'odata.continue-on-error'}, [404, 200]]]) {
  test(`with ${JSON.stringify(commonHeaders)} a failure and what follows it are ${expected}`, async () => {
    const other = odata.OData.New4({serviceEndpoint: api, commonHeaders});
    const answers = await other.execBatchRequests([
      other.newBatchRequest({collection: 'products/9999', method: 'GET'}),
      other.newBatchRequest({collection: 'products/1', method: 'GET'}),
    ]);

    assert.deepEqual(answers.map(each => each.status), expected);
  });
}

test('a group in JSON that is rolled back', async () => {
  const before = await stock(41);
  const answers = await client.execBatchRequestsJson([
    client.newBatchRequest({
      collection: 'products/41/stock', method: 'PUT', entity: {quantity: before + 1}, requestId: 'a', atomicityGroup: 'g',
    }),
    client.newBatchRequest({
      collection: 'products/9999/stock', method: 'PUT', entity: {quantity: 1}, requestId: 'b', atomicityGroup: 'g',
    }),
    client.newBatchRequest({collection: 'products/1', method: 'GET', requestId: 'c', dependsOn: ['g']}),
  ]);

  assert.deepEqual(answers.map(each => [each.raw.id, each.status]), [['a', 424], ['b', 404], ['c', 424]]);
  assert.equal(await stock(41), before);
});
