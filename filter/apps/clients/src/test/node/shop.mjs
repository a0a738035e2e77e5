// What the tests have in common: where the demo is, and what they expect of it.

/** Where the demo serves, without a trailing slash. */
export const base = process.env.DEMO;

/** The service root for clients of OData and Microsoft Graph. */
export const api = base + '/api/';

export const mokaPot = {id: 1, sku: 'CO-001', name: 'Moka pot, 3 cups', category: 'coffee', priceCents: 2490};

export const missing = {title: 'Not found', status: 404, detail: "There is no product '9999'"};

/** The quantity in stock, asked for without any batch. */
export async function stock(product) {
  return (await (await fetch(`${api}products/${product}/stock`)).json()).quantity;
}
