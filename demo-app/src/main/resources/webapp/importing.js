// A bulk import as jobs: posts batches that nobody waits for, follows them, and posts again what has failed.

import { backoff, patiently, problemOf } from './patience.js';

/** Jobs at once: as many as the server runs and one more. A browser has six connections to a server, for all its tabs. */
const LANES = 3;
const POLL_MILLIS = 1000;

/** The items `from` to `to` of an import, as the text of a batch. */
export function batchOf(name, from, to) {
  const requests = [];
  for (let number = from; number <= to; number++) {
    requests.push({
      id: `row-${number}`,
      method: 'POST',
      url: `/api/imports/${name}/rows`,
      body: { number, sku: `SUP-${String(number).padStart(6, '0')}`, priceCents: 100 + ((number * 37) % 9900) },
    });
  }
  return JSON.stringify({ requests });
}

/** 128 random bits; where a page has not come by https, browsers have no `crypto.randomUUID`. */
export function randomId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A batch that has yet to become a job. Whatever becomes of it is posted again under its key, so that nothing is done twice. */
export function newJob(text, total) {
  return { key: randomId(), text, total, location: undefined, status: undefined };
}

/**
 * Posts each job, unless it is posted already, and follows it to its end, some at a time; `changed(news)` is called whenever
 * there is something to tell. What goes wrong with one is thrown when the others are over.
 */
export async function runAll(jobs, changed) {
  const waiting = [...jobs];
  const lane = async () => {
    while (waiting.length > 0) {
      const job = waiting.shift();
      if (!job.location) {
        await post(job, changed);
      }
      await follow(job, changed);
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
  const broken = lanes.find(({ status }) => status === 'rejected');
  if (broken) {
    throw broken.reason;
  }
}

async function post(job, changed) {
  const response = await patiently(() => fetch('/batch', {
    method: 'POST',
    cache: 'no-store',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json',
      Prefer: 'respond-async, execution=parallel',
      'Idempotency-Key': `"${job.key}"`,
    },
    body: job.text,
  }), changed);
  if (response.status !== 202) {
    throw new Error(`POST /batch was not taken as a job: ${await problemOf(response)}`);
  }
  job.location = response.headers.get('Location');
  job.status = await response.json();
  changed();
}

/** By server-sent events; whoever in between has none of them, or the server refuses them, by asking again and again. */
async function follow(job, changed) {
  if (!(await listen(job, changed))) {
    await poll(job, changed);
  }
}

function listen(job, changed) {
  return new Promise((resolve) => {
    const events = new EventSource(job.location);
    let lost = false;
    const hear = (event) => {
      job.status = JSON.parse(event.data);
      changed();
    };
    events.addEventListener('progress', hear);
    events.addEventListener('done', (event) => {
      // Or the browser would take the end of the stream for a lost connection.
      events.close();
      hear(event);
      resolve(true);
    });
    events.addEventListener('open', () => {
      if (lost) {
        lost = false;
        changed('Connected again.');
      }
    });
    events.addEventListener('error', () => {
      if (events.readyState === EventSource.CLOSED) {
        resolve(false);
      } else {
        lost = true;
        changed('The connection is lost; the job goes on, and the page connects again …');
      }
    });
  });
}

async function poll(job, changed) {
  while (!isOver(job)) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
    const response = await patiently(() => fetch(job.location, {
      cache: 'no-store',
      headers: { Accept: 'application/json; view=status' },
    }), changed);
    if (!response.ok) {
      const problem = await problemOf(response);
      if (response.status === 404) {
        // The server has forgotten it, and what it has not forgotten is answered again.
        job.location = undefined;
        job.status = undefined;
      }
      throw new Error(`A job was answered with ${problem}`);
    }
    job.status = await response.json();
    changed();
  }
}

function isOver({ status }) {
  return status !== undefined && status.state !== 'queued' && status.state !== 'running';
}

/** How the jobs stand together. What has been posted again counts with the job that it has become. */
export function tally(jobs) {
  const sums = { succeeded: 0, failed: 0, answered: 0, unfinished: 0 };
  for (const job of jobs) {
    sums.succeeded += job.status?.succeeded ?? 0;
    sums.failed += job.postedAgain ? 0 : deadLetters(job);
    sums.answered += job.status?.completed ?? 0;
    sums.unfinished += isOver(job) ? 0 : 1;
  }
  return sums;
}

/** How many items of a job will not be answered well any more: of one that was cut off, also those without an answer. */
function deadLetters(job) {
  return !job.status ? 0 : isOver(job) ? job.total - job.status.succeeded : job.status.failed;
}

/** Follows what is not over yet, then posts again what has failed. That counts from then on in place of what it comes from. */
export async function postAgain(jobs, changed) {
  await runAll(jobs.filter((job) => !isOver(job)), changed);
  const again = await jobsOfFailed(jobs, changed);
  again.forEach(({ of }) => {
    of.postedAgain = true;
  });
  jobs.push(...again);
  await runAll(again, changed);
}

/** The failed items of each job as a job of its own, under the key of the first. */
async function jobsOfFailed(jobs, changed) {
  const again = [];
  for (const job of jobs.filter((each) => !each.postedAgain && deadLetters(each) > 0)) {
    const response = await patiently(() => fetch(`${job.location}/failed`, { cache: 'no-store' }), changed);
    if (!response.ok) {
      throw new Error(`${job.location}/failed was answered with ${await problemOf(response)}`);
    }
    again.push({ of: job, key: job.key, text: await response.text(), total: deadLetters(job) });
  }
  return again;
}

/** Posts what has failed until nothing has; gives up when a few rounds in a row have changed nothing. */
export async function postUntilNoneIsLeft(jobs, changed) {
  const patience = backoff();
  let left = tally(jobs).failed;
  while (left > 0 || tally(jobs).unfinished > 0) {
    await postAgain(jobs, changed);
    const now = tally(jobs).failed;
    if (now < left) {
      patience.reset();
    } else if (!(await patience.wait())) {
      return;
    }
    left = now;
  }
}

/** How many rows the server has, and how many different ones. */
export async function countOf(name, changed) {
  const response = await patiently(() => fetch(`/api/imports/${name}`, { cache: 'no-store' }), changed);
  if (!response.ok) {
    throw new Error(`The rows cannot be counted: ${await problemOf(response)}`);
  }
  return response.json();
}

export async function clear(name) {
  const response = await fetch(`/api/imports/${name}`, { method: 'DELETE' });
  if (!response.ok) {
    throw new Error(`The rows cannot be deleted: ${await problemOf(response)}`);
  }
}
