import assert from 'node:assert/strict';
import test from 'node:test';
import {BatchRequestContent, BatchResponseContent, Client} from '@microsoft/microsoft-graph-client';
import {api, base, missing, mokaPot} from './shop.mjs';

const client = Client.init({baseUrl: base, defaultVersion: 'api', authProvider: done => done(null, 'a-token')});

const json = {'Content-Type': 'application/json'};

/** A request to what is below the version, as Graph's documentation has it; Node's own Request takes no such URL. */
function request(url, {method = 'GET', headers = {}, body} = {}) {
  const complete = new Request(new URL(url.substring(1), api), {method, headers, body});
  return new Proxy(complete, {
    get: (target, name) => {
      const value = name === 'url' ? url : target[name];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

async function send(steps) {
  const content = await new BatchRequestContent(steps).getContent();
  return client.api('/$batch').post(content);
}

test('success, failure and a POST, by id', async () => {
  const answer = new BatchResponseContent(await send([
    {id: 'pot', request: request('/products/1')},
    {id: 'cart', request: request('/carts', {method: 'POST', headers: json, body: '{"customer": "Grace"}'})},
    {id: 'missing', request: request('/products/9999')},
  ]));

  assert.deepEqual([...answer.getResponses().keys()], ['pot', 'cart', 'missing']);
  const pot = answer.getResponseById('pot');
  assert.equal(pot.status, 200);
  assert.equal(pot.headers.get('content-type'), 'application/json');
  assert.deepEqual(await pot.json(), mokaPot);
  const cart = answer.getResponseById('cart');
  assert.equal(cart.status, 201);
  assert.equal((await cart.json()).customer, 'Grace');
  assert.match(cart.headers.get('location'), /^\/api\/carts\/\d+$/);
  assert.equal(answer.getResponseById('missing').status, 404);
});

test('URLs with host and version', async () => {
  const answer = new BatchResponseContent(await send([{id: '1', request: new Request(api + 'products/1')}]));

  assert.deepEqual(await answer.getResponseById('1').json(), mokaPot);
});

test('what depends on a failure is not done', async () => {
  const answer = new BatchResponseContent(await send([
    {id: '1', request: request('/products/9999')},
    {id: '2', request: request('/carts', {method: 'POST', headers: json, body: '{}'}), dependsOn: ['1']},
    {id: '3', request: request('/products/1'), dependsOn: ['2']},
  ]));

  assert.deepEqual([...answer.getResponses().values()].map(each => each.status), [404, 424, 424]);
});

test('an answer without a body', async () => {
  const answer = new BatchResponseContent(await send([
    {id: '1', request: request('/products/1', {method: 'HEAD'})},
  ]));

  assert.equal(answer.getResponseById('1').status, 200);
  assert.equal(await answer.getResponseById('1').text(), '');
});

test('JSON of another type than application/json is lost on BatchResponseContent, and is in what it is made from', async () => {
  const content = await send([{id: '1', request: request('/products/9999')}]);

  assert.equal(await new BatchResponseContent(content).getResponseById('1').text(), '[object Object]');
  assert.deepEqual(content.responses[0].body, missing);
});
