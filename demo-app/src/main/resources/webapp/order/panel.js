// The panel that places an order.

import { whileBusy } from '../common/busy.js';
import { badge, element } from '../common/elements.js';
import { catalogue, lookAround, orderOf, place } from './placing.js';
import { onSession, setSignedIn } from '../common/session.js';

const ROLLED_BACK = 'urn:multistatus:rolled-back';
const FIRST_CHOICE = [1, 2, 7];

const panel = document.getElementById('order');
const form = document.getElementById('order-form');
const oversell = document.getElementById('oversell');
const verdict = document.getElementById('order-verdict');
const outcome = document.getElementById('order-outcome');
const rows = FIRST_CHOICE.map((_, index) => row(index + 1));
const oversold = rows[2];
let products = new Map();

form.addEventListener('submit', (event) => {
  event.preventDefault();
  whileBusy(panel, order, report);
});
oversell.addEventListener('change', applyOversell);
oversold.quantity.addEventListener('input', () => {
  oversell.checked = false;
});
onSession((signedIn) => report(signedIn
  ? 'Signed in: orders are yours now.'
  : 'Not signed in: an order will be refused, and nothing reserved.'));
begin().catch((error) => report(`The shop cannot be asked: ${error.message}`));

async function begin() {
  products = await catalogue();
  rows.forEach(({ product }, index) => {
    product.append(...[...products.values()].map(({ id, name }) => new Option(name, id, false, id === FIRST_CHOICE[index])));
    product.addEventListener('change', () => refresh().catch((error) => report(error.message)));
  });
  await refresh();
}

function row(number) {
  const line = element('div', 'order-line');
  const product = element('select');
  const quantity = element('input');
  const free = element('span', 'free');
  quantity.type = 'number';
  quantity.min = '1';
  quantity.max = '1000';
  quantity.value = '1';
  quantity.required = true;
  free.id = `free-${number}`;
  quantity.ariaLabel = `Quantity of product ${number}`;
  quantity.setAttribute('aria-describedby', free.id);
  line.append(labelled(`Product ${number}`, product), labelled('Quantity', quantity), free);
  document.getElementById('order-lines').append(line);
  return { product, quantity, free };
}

function labelled(text, control) {
  const label = element('label', '', text);
  label.append(control);
  return label;
}

const chosen = () => rows.map(({ product }) => Number(product.value));

async function refresh() {
  show(await lookAround(chosen()));
}

/** What the shop said last, beside the products; those chosen since are asked for already. */
function show(shop) {
  setSignedIn(shop.signedIn);
  rows.forEach((each) => {
    const free = shop.free.get(Number(each.product.value));
    if (free !== undefined) {
      each.count = free;
      each.free.textContent = `${free} free`;
    }
  });
  if (oversell.checked) {
    applyOversell();
  }
}

function applyOversell() {
  oversold.quantity.value = oversell.checked ? oversold.count + 1 : 1;
}

async function order() {
  const lines = rows.map(({ product, quantity }) => ({
    product: products.get(Number(product.value)),
    quantity: Number(quantity.value),
  }));
  const items = orderOf(lines);
  const before = await lookAround(chosen());
  const { sent, responses } = await place(items);
  const after = await lookAround(chosen());
  outcome.querySelector('.exchanges').replaceChildren(...items.map((item, index) => exchange(item, responses[index])));
  outcome.querySelector('tbody').replaceChildren(...comparison(before, after));
  outcome.querySelector('pre').textContent = `POST /batch\nContent-Type: application/json\n\n${sent}`;
  outcome.hidden = false;
  show(after);
  report(sentence(items, responses));
}

function exchange({ request, says }, { status, body }) {
  const ok = status < 400;
  const item = element('li', ok ? 'ok' : isRolledBack(body) ? 'refused' : 'broken');
  const what = element('p', 'says', `${request.id}: ${says}`);
  what.append(element('code', '', `${request.method} ${request.url}`));
  if (request.body) {
    what.append(element('code', '', JSON.stringify(request.body)));
  }
  const came = element('p', 'came', '');
  came.append(
    isRolledBack(body) ? element('span', 'badge refused', `↶ ${status}`) : badge(status),
    element('span', '', ok ? made(request.id, body) : isRolledBack(body) ? `rolled back, because of “${body.culprit}”` : detail(body)),
  );
  item.append(what, came);
  return item;
}

function made(id, body) {
  return id === 'order' ? `order ${body.id}`
    : id.startsWith('line') ? `line ${body.id} of the order`
      : `reservation ${body.id} for order ${body.order}`;
}

function detail(body) {
  return body?.detail ?? 'It says no more';
}

function isRolledBack(body) {
  return body?.type === ROLLED_BACK;
}

function sentence(items, responses) {
  const failed = responses.findIndex(({ status, body }) => status >= 400 && !isRolledBack(body));
  if (failed < 0) {
    return `All of it: order ${responses[0].body.id} is placed, with its three lines and what they need in reserve.`;
  }
  const { status, body } = responses[failed];
  const rolledBack = responses.filter((response) => isRolledBack(response.body)).length;
  return `Nothing of it: “${items[failed].says}” ended with ${status}. ${detail(body)}. `
    + `Of the other ${rolledBack} nothing remains.`;
}

function comparison(before, after) {
  const stock = [...before.free].map(([id, free]) => compared(`${products.get(id).name}, free`, free, after.free.get(id)));
  return [...stock, compared('Your latest order', latest(before), latest(after))];
}

function latest(shop) {
  return !shop.signedIn ? 'not signed in' : shop.latest ? `order ${shop.latest.id}` : 'none';
}

function compared(what, before, after) {
  const line = element('tr', before === after ? 'same' : 'changed');
  const heading = element('th', '', what);
  heading.scope = 'row';
  line.append(heading, element('td', '', String(before)), element('td', '', before === after ? `${after}, as before` : String(after)));
  return line;
}

function report(text) {
  verdict.textContent = text;
}
