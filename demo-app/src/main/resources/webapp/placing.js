// An order as one batch, and what the shop says before and after.

import { getAll, postBatch } from './batch.js';

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

/** The text that was sent, and the answer to each item. */
export async function place(items) {
  const sent = `{"requests": [\n  ${items.map(({ request }) => JSON.stringify(request)).join(',\n  ')}]}`;
  const { responses } = await postBatch(sent);
  return { sent, responses };
}

/** All products by their numbers. */
export async function catalogue() {
  const [list] = await getAll(['/api/products']);
  return new Map(succeeded(list).products.map((product) => [product.id, product]));
}

/** How many of each of these products are free, by their numbers; and the latest order, which nobody has who is not signed in. */
export async function lookAround(products) {
  const ids = [...new Set(products)];
  const [orders, ...stock] = await getAll(['/api/orders', ...ids.map((id) => `/api/products/${id}/stock`)]);
  const free = stock.map((answer) => succeeded(answer)).map(({ quantity, reserved }) => quantity - reserved);
  return {
    free: new Map(ids.map((id, index) => [id, free[index]])),
    signedIn: orders.status === 200,
    latest: orders.status === 200 ? orders.body.orders[0] : undefined,
  };
}

function succeeded(answer) {
  if (answer.status !== 200) {
    throw new Error(answer.body?.detail ?? `an item was answered with ${answer.status}`);
  }
  return answer.body;
}
