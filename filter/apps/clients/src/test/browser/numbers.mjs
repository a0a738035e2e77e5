// How long forty calls of a page take: separate over HTTP/1.1, separate over HTTP/2, and batched over each of them, at several
// round trips. What filter/docs/PERFORMANCE.md tells of, "From a browser". No test.
//
//   npm ci && node numbers.mjs multistatus-demo.jar [rounds]

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus, loadavg } from 'node:os';
import { chromium } from 'playwright-core';

const [jar, rounds = '15'] = process.argv.slice(2);
const CALLS = 40;
const RTTS = [0, 20, 80];
const WARM_UP_ROUNDS = 3;
const CHROMIUM = process.env.CHROMIUM || '/usr/bin/chromium';

if (!jar || !(Number(rounds) >= 1)) {
  console.error('Usage: node numbers.mjs multistatus-demo.jar [rounds]');
  process.exit(2);
}

/** Starts a demo, and says where it is to be reached, by round trip. */
async function startDemo(...options) {
  const process = spawn('java', ['-jar', jar, '--port', '0', '--rtt', RTTS.slice(1).join(), ...options], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let printed = '';
  for await (const chunk of process.stdout) {
    printed += chunk;
    if (printed.includes('\n\n')) {
      break;
    }
  }
  const urls = new Map([[0, / on .*?: (https?:\/\/[^/]+)\//.exec(printed)[1]]]);
  for (const [, rtt, url] of printed.matchAll(/a round trip of (\d+) ms away: (https?:\/\/[^/]+)\//g)) {
    urls.set(Number(rtt), url);
  }
  return { process, urls };
}

async function stop(process) {
  process.kill();
  if (process.exitCode === null) {
    await once(process, 'exit');
  }
}

/** Opens a page of that origin that has nothing of its own. */
async function open(context, origin) {
  const page = await context.newPage();
  await page.goto(`${origin}/favicon.svg`);
  await page.evaluate(async () => {
    const { createBatcher } = await import('/multistatus/batch.js');
    globalThis.batcher = createBatcher();
  });
  return page;
}

/** The milliseconds until the last of the answers is read, and by which protocol they came. */
async function measure([batched, count]) {
  const send = batched ? batcher.fetch : (url, init) => fetch(url, init);
  performance.clearResourceTimings();
  const begun = performance.now();
  const answers = await Promise.all(Array.from({ length: count }, async (_, index) => {
    const response = await send(`/api/products/${index + 1}`, { cache: 'no-store' });
    return (await response.json()).id;
  }));
  const millis = performance.now() - begun;
  if (!answers.every((id, index) => id === index + 1)) {
    throw new Error(`Wrong answers: ${answers}`);
  }
  const sent = () => performance.getEntriesByType('resource').filter(({ name }) => /\/(api\/products|batch)/.test(name));
  // They may be late.
  for (let waits = 0; waits < 100 && sent().length < (batched ? 1 : count); waits += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const entries = sent();
  return { millis, requests: entries.length, protocols: [...new Set(entries.map(({ nextHopProtocol }) => nextHopProtocol))] };
}

const WAYS = [
  { name: 'separate, HTTP/1.1', over: 'http', batched: false, protocol: 'http/1.1', requests: CALLS },
  { name: 'separate, HTTP/2', over: 'https', batched: false, protocol: 'h2', requests: CALLS },
  { name: 'batched, HTTP/1.1', over: 'http', batched: true, protocol: 'http/1.1', requests: 1 },
  { name: 'batched, HTTP/2', over: 'https', batched: true, protocol: 'h2', requests: 1 },
];

const demos = { http: await startDemo(), https: await startDemo('--tls') };
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--disable-gpu', '--disable-background-networking'] });
try {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const cells = [];
  for (const rtt of RTTS) {
    for (const way of WAYS) {
      cells.push({ rtt, way, page: await open(context, demos[way.over].urls.get(rtt)), millis: [] });
    }
  }
  for (let round = -WARM_UP_ROUNDS; round < Number(rounds); round += 1) {
    for (const { rtt, way, page, millis } of cells) {
      const measured = await page.evaluate(measure, [way.batched, CALLS]);
      if (round >= 0) {
        check(`${way.name}, ${rtt} ms`, way, measured);
        millis.push(measured.millis);
      }
    }
  }
  print(cells);
} finally {
  await browser.close();
  await Promise.all(Object.values(demos).map(({ process }) => stop(process)));
}

function check(what, way, { requests, protocols }) {
  if (requests !== way.requests || String(protocols) !== way.protocol) {
    throw new Error(`${what}: ${requests} requests over ${protocols}`);
  }
}

function print(cells) {
  console.log(`${CALLS} calls, milliseconds until the last answer is read: median of ${rounds} rounds (least to most)`);
  console.log(`Chromium ${browser.version()}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}\n`);
  console.log(`| | ${RTTS.map((rtt) => `${rtt} ms`).join(' | ')} |`);
  console.log(`|---|${RTTS.map(() => '---|').join('')}`);
  for (const way of WAYS) {
    const row = RTTS.map((rtt) => summary(cells.find((cell) => cell.rtt === rtt && cell.way === way).millis));
    console.log(`| ${way.name} | ${row.join(' | ')} |`);
  }
}

function summary(millis) {
  const sorted = [...millis].sort((one, other) => one - other);
  const whole = (at) => Math.round(sorted[at]);
  return `**${whole(Math.floor(sorted.length / 2))}** (${whole(0)} to ${whole(sorted.length - 1)})`;
}
