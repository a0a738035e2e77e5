// What the tests have in common: a Chromium, and pages of the demo's origin that have the module.

import { after, before } from 'node:test';
import { chromium } from 'playwright-core';
import { BLANK, startProxy } from './proxy.mjs';

/** Where the demo serves, without a trailing slash. */
export const demo = process.env.DEMO;

const FLAGS = [
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let browser;
let page;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS });
  const context = await browser.newContext();
  await context.addInitScript(tools);
  page = await context.newPage();
});

after(() => browser && browser.close());

/**
 * Opens a blank page behind a proxy, and so in an origin, of its own, without cookies. In the page there are `createBatcher`,
 * `batcher`, made with the given options, and the tools of below. The tab is the same for all tests of a file, since opening
 * one is what takes long.
 *
 * @param t the test, at the end of which the proxy is closed
 * @param {object} [options] of the batcher, as far as they are no functions
 * @param {object} [hooks] of the proxy
 */
export async function visit(t, options = {}, hooks = {}) {
  const proxy = await startProxy(demo, hooks);
  t.after(() => proxy.close());
  await page.context().clearCookies();
  page.removeAllListeners();
  const open = async () => {
    await page.goto(proxy.origin + BLANK);
    await page.evaluate(async (given) => {
      Object.assign(globalThis, await import('/multistatus/batch.js'));
      globalThis.batcher = createBatcher(given);
    }, options);
  };
  await open();
  return {
    proxy,
    context: page.context(),
    page,
    /** Loads the page anew, in the same tab. */
    reload: open,
    /** Runs a function in the page. */
    run: (script, argument) => page.evaluate(script, argument),
  };
}

/** What pages have besides the module. */
function tools() {
  /** All that can be seen of a response, its body last, in base64. */
  globalThis.describe = async (response) => {
    const { status, statusText, ok, redirected, type, url } = response;
    const bytes = new Uint8Array(await response.arrayBuffer());
    const body = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    return { status, statusText, ok, redirected, type, url, headers: Object.fromEntries(response.headers), body };
  };

  /** What becomes of promises of responses: `200 {"json":1}`, or `TypeError`. */
  globalThis.settle = (promises) => Promise.all(promises.map((promise) => promise.then(
    async (response) => `${response.status} ${await response.text()}`,
    (error) => (error instanceof Error || error instanceof DOMException ? error.name : `thrown: ${error}`),
  )));

  /** The init of a POST of JSON. */
  globalThis.json = (value, init) => ({
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value), ...init,
  });
}

let imports = 0;

/** The name of an import that nobody else uses. */
export function newImport() {
  imports += 1;
  return `browser-${process.pid}-${Date.now()}-${imports}`;
}

/** How many rows the server has of it, `rows`, and how many different ones, `distinct`: asked for without any batch. */
export async function rowsOf(name) {
  const { rows, distinct } = await (await fetch(`${demo}/api/imports/${name}`)).json();
  return { rows, distinct };
}

/** Waits until a condition holds. */
export async function until(condition, what) {
  for (let waited = 0; !(await condition()); waited += 25) {
    if (waited > 20_000) {
      throw new Error(`Waited in vain: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
