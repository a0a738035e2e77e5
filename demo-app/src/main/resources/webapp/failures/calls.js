// The twelve calls, of which most may go wrong.

const get = (id, url, says) => ({ says, request: { id, method: 'GET', url } });

const row = (name, number) => ({
  says: number % 100 === 0 ? `adds row ${number}, which fails the first time` : `adds row ${number}`,
  request: {
    id: `row-${number}`,
    method: 'POST',
    url: `/api/imports/${name}/rows`,
    body: { number, sku: `SUP-${number}`, priceCents: 100 + number },
  },
});

/** The calls; `name` is that of the import that rows are added to. `says` is for people and is not sent. */
export function twelveCalls(name) {
  return [
    get('kettle', '/api/products/4', 'a kettle'),
    get('gone', '/api/products/9999', 'a product long gone'),
    get('orders', '/api/orders', 'the orders of who is signed in'),
    get('shaky-1', '/api/flaky?rate=0.5', 'a neighbour who fails every other time'),
    get('shaky-2', '/api/flaky?rate=0.7', 'one who fails more often'),
    get('shaky-3', '/api/flaky?rate=0.8', 'and one who hardly ever works'),
    row(name, 100),
    row(name, 101),
    row(name, 200),
    row(name, 201),
    { says: 'makes a cart', request: { id: 'cart', method: 'POST', url: '/api/carts', body: { customer: 'Ada' } } },
    { says: 'adds a row that is none', request: { id: 'bad', method: 'POST', url: `/api/imports/${name}/rows`, body: { number: 0 } } },
  ];
}

/** How many of them add a row, sooner or later. */
export const ROWS = 4;

/** What became of a call, in a few words. */
export function outcomeOf(id, { status, body }) {
  if (status >= 400) {
    return body?.detail ?? body?.title ?? 'It says no more';
  }
  return id === 'kettle' ? body.name
    : id === 'orders' ? `${body.orders.length} orders`
      : id === 'cart' ? `cart ${body.id}`
        : id.startsWith('row') ? `row ${body.number} is stored`
          : 'lucky this time';
}
