// The page of the demo, used as its visitors do.

import assert from 'node:assert/strict';
import test from 'node:test';
import { demo, visit } from './site.mjs';

const PATIENTLY = { timeout: 60_000 };

/** Opens the page, and gives what one does with a panel of it: `press` waits until the panel has done what it was told to. */
async function open(t, panel) {
  const { page } = await visit(t);
  const errors = [];
  page.on('pageerror', (error) => errors.push(error));
  t.after(() => assert.deepEqual(errors, []));
  // Before its modules are there, a form would send itself.
  await page.goto(`${demo}/`, { waitUntil: 'networkidle' });
  const idle = page.locator(`${panel}[aria-busy=false]`);
  return {
    page,
    async press(button) {
      await page.click(button);
      await idle.waitFor(PATIENTLY);
    },
    /** Waits until the panel has done all that it was told to. */
    done: () => idle.waitFor(PATIENTLY),
    /** Waits until it says so. */
    says: (selector, hasText) => page.locator(selector, { hasText }).waitFor(PATIENTLY).catch(async (error) => {
      throw new Error(`${selector} does not say ${hasText}; the panel says ${await page.locator(panel).innerText()}`, { cause: error });
    }),
    text: (selector) => page.locator(selector).innerText(),
    texts: (selector) => page.locator(selector).allInnerTexts(),
  };
}

test('forty calls race against one batch, at a real delay', async (t) => {
  const { page, press, says, text, texts } = await open(t, '#race');
  await page.locator('#delay-20').check({ force: true });

  await press('#race-start');

  await says('#verdict', /20 ms/);
  assert.equal(await text('#lane-single .requests'), '40 requests');
  assert.equal(await text('#lane-batch .requests'), '1 request');
  for (const lane of ['#lane-single', '#lane-batch']) {
    assert.match(await text(`${lane} .ms`), /^[\d,.]+$/);
    assert.equal(await page.locator(`${lane} svg .row`).count(), 40);
  }
  await page.click('#race-figures summary');
  assert.equal((await texts('#race-calls tbody tr')).length, 40);
});

test('what has failed is sent again with a click, and nothing is done twice', async (t) => {
  const { page, press, texts } = await open(t, '#failures');
  await press('#failures-send');
  const [, first] = await texts('#failures-count tbody tr:first-child :is(th, td)');
  assert.equal(first, '2 of 4');

  for (let tries = 0; tries < 60 && await page.isEnabled('#failures-retry'); tries++) {
    await press('#failures-retry');
  }

  assert.equal(await page.locator('#failures-calls > li').count(), 12);
  const [, there, twice] = await texts('#failures-count tbody tr:last-child :is(th, td)');
  assert.deepEqual([there, twice], ['4 of 4', '0']);
});

test('a batch is written, sent, looked at, and found again', async (t) => {
  const { page, says, done } = await open(t, '#console');
  await page.fill('#console-text', JSON.stringify({
    requests: [
      { id: 'pot', method: 'GET', url: '/api/products/1' },
      { id: 'missing', method: 'GET', url: '/api/products/9999' },
    ],
  }));

  await page.press('#console-text', 'Control+Enter');

  await says('#console-answers > :nth-child(1)', /200[^]*pot/);
  await says('#console-answers > :nth-child(2)', /404[^]*missing/);
  await done();
  await page.reload();
  const latest = page.locator('#console-history button').first();
  await latest.waitFor({ ...PATIENTLY, state: 'attached' });
  assert.match(await latest.textContent(), /1 of 2/);

  await page.fill('#console-text', '{"requests": [{"id": "a", "url": "/x"}, {"id": "a", "url": "/y"}]}');
  await page.press('#console-text', 'Control+Enter');
  await says('#console-verdict', /taken by an earlier item/);
});

for (const [text, what] of [['{oops', /^Refused, 400: .*line 1, column 2/], ['{"requests": 7}', /^Refused, 400: /]]) {
  test(`text that is no batch is refused, and it is said why: ${text}`, async (t) => {
    const { page, says, done } = await open(t, '#console');
    await page.fill('#console-text', text);

    await page.press('#console-text', 'Control+Enter');

    await done();
    await says('#console-verdict', what);
    assert.match(await page.locator('#console-history button').first().textContent(), /refused: 400/);
    assert.match(await page.locator('#console-raw pre').textContent(), /^HTTP 400/);
  });
}

test('a batch that was under way when the page was left is found again', async (t) => {
  const { page } = await open(t, '#console');
  await page.fill('#console-text', '{"requests": [{"id": "slow", "method": "GET", "url": "/api/slow?ms=5000"}]}');

  await page.press('#console-text', 'Control+Enter');
  await page.reload();

  const latest = page.locator('#console-history button').first();
  await latest.waitFor({ ...PATIENTLY, state: 'attached' });
  assert.match(await latest.textContent(), /no answer/);
});

test('an order is placed as a whole', async (t) => {
  const { press, says } = await open(t, '#order');
  await press('#order-login');

  await press('#order-form button[type=submit]');

  await says('#order-verdict', /^All of it/);
});

test('rows are imported as jobs until each is there once', async (t) => {
  const { page, press, says, text } = await open(t, '#import');
  await page.fill('#import-rows', '400');
  await page.fill('#import-size', '100');

  await press('#import-form button[type=submit]');
  await says('#import-failed', /^4$/);
  await press('#import-until-none');

  await says('#import-verdict', /^Exact/);
  assert.equal(await text('#import-counted'), '400');
  assert.equal(await text('#import-doubles'), '0');
});
