// Batches to begin with. `execution` and `answer` are chosen along with them, where they matter.

export const examples = [
  {
    name: 'Simple: four calls, two fail',
    text: `{"requests": [
  {"id": "product", "method": "GET",  "url": "/api/products/1"},
  {"id": "cart",    "method": "POST", "url": "/api/carts", "body": {"customer": "Ada"}},
  {"id": "missing", "method": "GET",  "url": "/api/products/9999"},
  {"id": "orders",  "method": "GET",  "url": "/api/orders"}
]}`,
  },
  {
    name: 'References to other answers',
    text: `{"requests": [
  {"id": "cart", "method": "POST", "url": "/api/carts", "body": {"customer": "Ada"}},
  {"id": "line", "method": "POST", "url": "/api/carts/{$cart.body#/id}/lines",
   "body": {"product": 7, "quantity": 2}, "dependsOn": ["cart"]},
  {"id": "all",  "method": "GET",  "url": "{$cart.header.Location}", "dependsOn": ["cart", "line"]}
]}`,
  },
  {
    name: 'A group: all or nothing',
    text: `{"requests": [
  {"id": "good",  "atomicityGroup": "g", "method": "POST", "url": "/api/imports/console/rows",
   "body": {"number": 1, "sku": "SUP-1", "priceCents": 100}},
  {"id": "bad",   "atomicityGroup": "g", "method": "POST", "url": "/api/imports/console/rows",
   "body": {"number": 0, "sku": "SUP-0", "priceCents": 100}}
]}`,
  },
  {
    name: 'Parallel: nobody waits',
    execution: 'parallel',
    answer: 'stream',
    text: `{"requests": [
  {"id": "slow",    "method": "GET",  "url": "/api/slow?ms=900"},
  {"id": "cart",    "method": "POST", "url": "/api/carts"},
  {"id": "slower",  "method": "GET",  "url": "/api/slow?ms=600"},
  {"id": "product", "method": "GET",  "url": "/api/products/1"},
  {"id": "report",  "method": "GET",  "url": "/api/reports/daily"}
]}`,
  },
  {
    name: 'Ordered: as if one by one',
    execution: 'ordered',
    answer: 'stream',
    text: `{"requests": [
  {"id": "slow",    "method": "GET",  "url": "/api/slow?ms=900"},
  {"id": "cart",    "method": "POST", "url": "/api/carts"},
  {"id": "slower",  "method": "GET",  "url": "/api/slow?ms=600"},
  {"id": "product", "method": "GET",  "url": "/api/products/1"},
  {"id": "report",  "method": "GET",  "url": "/api/reports/daily"}
]}`,
  },
  {
    name: 'A job: answers for later',
    execution: 'sequential',
    answer: 'job',
    text: `{"requests": [
  {"id": 1, "method": "GET", "url": "/api/slow?ms=1500"},
  {"id": 2, "method": "GET", "url": "/api/slow?ms=1500"},
  {"id": 3, "method": "GET", "url": "/api/products/9999"},
  {"id": 4, "method": "GET", "url": "/api/slow?ms=1500"},
  {"id": 5, "method": "GET", "url": "/api/products/1"}
]}`,
  },
  {
    name: 'Broken: two URLs',
    text: `{"requests": [
  {"id": "a", "method": "GET", "url": "/api/products/1"},
  {"id": "b", "method": "GET", "url": "/api/products/2", "url": "/api/products/3"}
]}`,
  },
  {
    name: 'Broken: a missing comma',
    text: `{"requests": [
  {"id": "a", "method": "GET", "url": "/api/products/1"}
  {"id": "b", "method": "GET", "url": "/api/products/2"}
]}`,
  },
];
