import assert from 'node:assert/strict';
import test from 'node:test';
import odataBatch from 'odata-batch';
import {api, base, missing, mokaPot, stock} from './shop.mjs';

/** Each list of calls is a change set. */
function send(calls, options = {}) {
  return new odataBatch.ODataBatch({url: api + '$batch', auth: 'admin:admin', calls, ...options}).send();
}

const get = path => ({method: 'GET', url: api + path, data: null});
const post = (path, data) => ({method: 'POST', url: api + path, data});
const put = (path, data) => ({method: 'PUT', url: api + path, data});

test('success, failure and a POST, each a change set', async () => {
  const answers = await send([[get('products/1')], [post('carts', {customer: 'Grace'})], [get('products/9999')]]);

  assert.deepEqual(answers.map(each => [each.code, each.success, each.changesetIndex]),
    [['200', true, 0], ['201', true, 1], ['404', false, 2]]);
  assert.deepEqual(answers[0].data, mokaPot);
  assert.equal(answers[1].data.customer, 'Grace');
  assert.match(answers[1].headers.find(each => each.key === 'Location').value, /^\/api\/carts\/\d+$/);
  assert.deepEqual(answers[2].data, missing);
});

test('one change set, with a GET in it', async () => {
  const answers = await send([get('products/1'), put('products/31/stock', {quantity: 6})]);

  assert.deepEqual(answers.map(each => [each.code, each.changesetIndex]), [['200', 0], ['200', 0]]);
  assert.equal(await stock(31), 6);
});

test('a change set that is rolled back is one answer, and the next one is not begun', async () => {
  const before = await stock(32);
  const calls = [
    [put('products/32/stock', {quantity: before + 1}), put('products/9999/stock', {quantity: 1})],
    [get('products/1')],
  ];

  assert.deepEqual((await send(calls)).map(each => each.code), ['404', '424']);
  assert.equal(await stock(32), before);
  const goOn = {headers: {Prefer: 'odata.continue-on-error'}};
  assert.deepEqual((await send(calls, goOn)).map(each => each.code), ['404', '200']);
});

test('an answer without a body can be read as text only', async () => {
  const calls = [[{method: 'POST', url: base + '/logout', data: null}]];

  await assert.rejects(send(calls), SyntaxError);
  assert.deepEqual((await send(calls, {individualResponseType: 'xml'})).map(each => each.code), ['204']);
});
