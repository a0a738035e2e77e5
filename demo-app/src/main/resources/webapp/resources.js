// What the page of the shop needs: forty resources, and how each is put into a few words.

const euros = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' });
const count = new Intl.NumberFormat('en');

const product = (id) => ({
  title: `Product ${id}`,
  url: `/api/products/${id}`,
  words: (body) => [body.name, euros.format(body.priceCents / 100)],
});

const stock = (id) => ({
  title: `Stock of ${id}`,
  url: `/api/products/${id}/stock`,
  words: (body) => [count.format(body.quantity), body.quantity === 0 ? 'sold out' : 'in stock'],
});

const shelf = (category) => ({
  title: `Shelf: ${category}`,
  url: `/api/products?category=${category}`,
  words: (body) => [`${body.products.length} products`, `${body.products[0].name}, …`],
});

export const resources = [
  ...[1, 8, 13, 20, 26, 28, 33, 37].map(product),
  { title: 'Daily report', url: '/api/reports/daily', words: (body) => [`${body.products} products`, `${count.format(body.unitsInStock)} units`] },
  { title: 'Your account', url: '/api/me', words: (body) => [body.user, 'signed in'] },
  ...[1, 8, 13, 20].map(stock),
  shelf('coffee'),
  { title: 'A product long gone', url: '/api/products/9999', words: (body) => [body.name, ''] },
  ...[26, 33, 43, 60].map(stock),
  { title: 'Your orders', url: '/api/orders', words: (body) => [`${body.orders.length} orders`, 'so far'] },
  shelf('garden'),
  ...[43, 49, 56, 59].map(product),
  shelf('travel'),
  { title: 'A shaky neighbour', url: '/api/flaky?rate=0.5', words: () => ['Lucky', 'this time'] },
  { title: 'Health', url: '/health', words: (body) => [body.status, `database ${body.database}`] },
  product(60),
  ...[2, 7, 39, 44].map(product),
  ...[2, 7, 39].map(stock),
  ...['tea', 'desk', 'games'].map(shelf),
];

/** An answer in a few words: a value, and a note. */
export function inWords(resource, status, body) {
  return status < 400 ? resource.words(body) : [body?.title ?? 'Failed', body?.detail ?? ''];
}
