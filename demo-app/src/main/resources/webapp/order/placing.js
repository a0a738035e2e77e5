// An order as one batch, and what the shop says before and after.

import { batcher } from '../common/batcher.js';

/** An order, its lines and their reservations, in one group. `says` is for people and is not sent. */
export function orderOf(lines) {
  const order = '{$order.body#/id}';
  const post = (id, url, body) => ({ id, atomicityGroup: 'all', method: 'POST', url, body });
  return [
    { request: post('order', '/api/orders'), says: 'create the order' },
    ...lines.map(({ product, quantity }, index) => ({
      request: {
        ...post(`line${index + 1}`, `/api/orders/${order}/lines`, { product: product.id, quantity }),
        dependsOn: ['order'],
      },
      says: `add ${quantity} × ${product.name}`,
    })),
    ...lines.map(({ product, quantity }, index) => ({
      request: {
        ...post(`stock${index + 1}`, `/api/products/${product.id}/reservations`, { order, quantity }),
        dependsOn: ['order'],
      },
      says: `reserve ${quantity} × ${product.name}`,
    })),
  ];
}

/** What was sent, in JSON, and the answer to each item. */
export async function place(items) {
  const requests = items.map(({ request }) => request);
  const { responses } = await batcher.batch(requests);
  return { sent: `{"requests": [\n  ${requests.map((each) => JSON.stringify(each)).join(',\n  ')}]}`, responses };
}

/** All products by their numbers. */
export async function catalogue() {
  const list = await get('/api/products');
  return new Map((await succeeded(list)).products.map((product) => [product.id, product]));
}

/**
 * How many of each of these products are free, by their numbers; and the latest order, which nobody has who is not signed in.
 * All of it is asked for at the same time, and so in one request.
 */
export async function lookAround(products) {
  const ids = [...new Set(products)];
  const [orders, ...stock] = await Promise.all(['/api/orders', ...ids.map((id) => `/api/products/${id}/stock`)].map(get));
  const free = (await Promise.all(stock.map(succeeded))).map(({ quantity, reserved }) => quantity - reserved);
  return {
    free: new Map(ids.map((id, index) => [id, free[index]])),
    signedIn: orders.ok,
    latest: orders.ok ? (await orders.json()).orders[0] : undefined,
  };
}

function get(url) {
  return batcher.fetch(url, { cache: 'no-store' });
}

async function succeeded(response) {
  const body = await response.json();
  if (!response.ok) {
    throw new Error(body.detail ?? `${response.url} was answered with ${response.status}`);
  }
  return body;
}
