// A bulk import as jobs: posts batches that nobody waits for, follows them, and posts again what has failed.

import { BatchError, createBatcher } from '../common/batcher.js';
import { randomId } from '../common/ids.js';

/** Jobs at once: as many as the server runs and one more. A browser has six connections to a server, for all its tabs. */
const LANES = 3;
const LATER = [429, 502, 503, 504];
const MOST_WAITS = 6;

let tell = () => {};
let trouble = false;

/** Outlives a server that restarts; what it does not say of that, the requests do that it makes. */
const batcher = createBatcher({ retry: { tries: 20, maxDelay: 8000 }, fetch: watched });

/** Has `listener(news)` called whenever the server cannot be reached, or can be again. */
export function onTrouble(listener) {
  tell = listener;
}

async function watched(input, init) {
  let response;
  try {
    response = await fetch(input, init);
  } finally {
    const failed = !response || LATER.includes(response.status);
    if (failed) {
      tell(`The server ${response ? `is busy (${response.status})` : 'cannot be reached'}; the page tries again …`);
    } else if (trouble) {
      tell('The server answers again.');
    }
    trouble = failed;
  }
  return response;
}

/** An import that has yet to begin: its rows, in jobs of so many each. */
export function newImport(rows, size) {
  const name = `list-${randomId().slice(0, 8)}`;
  const jobs = [];
  for (let first = 1; first <= rows; first += size) {
    const last = Math.min(rows, first + size - 1);
    jobs.push({ key: `"${randomId()}"`, first, last, total: last - first + 1 });
  }
  return { name, rows, jobs };
}

function rowsOf(name, first, last) {
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const number = first + index;
    return {
      id: `row-${number}`,
      method: 'POST',
      url: `/api/imports/${name}/rows`,
      body: { number, sku: `SUP-${String(number).padStart(6, '0')}`, priceCents: 100 + ((number * 37) % 9900) },
    };
  });
}

/**
 * Posts each job, unless it is posted already, and follows it to its end, some at a time; `changed()` is called whenever
 * there is something to show. What goes wrong with one is thrown when the others are over.
 */
async function runAll(current, jobs, changed) {
  const waiting = [...jobs];
  const lane = async () => {
    while (waiting.length > 0) {
      await run(current, waiting.shift(), changed);
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
  const broken = lanes.find(({ status }) => status === 'rejected');
  if (broken) {
    throw broken.reason;
  }
}

async function run(current, job, changed) {
  const onProgress = (status) => {
    job.status = status;
    changed();
  };
  try {
    const handle = await (job.location
      ? batcher.openJob(job.location, { onProgress })
      : batcher.job(await requestsOf(current, job), { execution: 'parallel', idempotencyKey: job.key, onProgress }));
    job.location = handle.location;
    job.status = handle.status ?? job.status;
    changed();
    job.status = await handle.over;
    changed();
  } catch (error) {
    if (error instanceof BatchError && error.status === 404) {
      // The server has forgotten it. Posted again, what has been done is not done twice.
      job.location = undefined;
      job.status = undefined;
    }
    throw error;
  }
}

/** The rows of a job, or what has failed of the one that it comes from. */
async function requestsOf({ name, jobs }, { first, last, of }) {
  return of === undefined ? rowsOf(name, first, last) : (await batcher.openJob(jobs[of].location)).failed();
}

const isOver = ({ status }) => status !== undefined && status.state !== 'queued' && status.state !== 'running';

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

/** Posts what is not posted, and follows what is not over. */
export function goOn(current, changed) {
  return runAll(current, current.jobs.filter((job) => !isOver(job)), changed);
}

/** Goes on, then posts again what has failed, under the keys of before. That counts from then on in place of what it comes from. */
export async function postAgain(current, changed) {
  const { jobs } = current;
  await goOn(current, changed);
  const again = [];
  jobs.forEach((job, index) => {
    if (!job.postedAgain && deadLetters(job) > 0) {
      job.postedAgain = true;
      again.push({ key: job.key, of: index, total: deadLetters(job) });
    }
  });
  jobs.push(...again);
  await runAll(current, again, changed);
}

/** Posts what has failed until nothing has; gives up when a few rounds in a row have changed nothing. */
export async function postUntilNoneIsLeft(current, changed) {
  let left = Infinity;
  let waits = 0;
  for (let now = tally(current.jobs); now.failed > 0 || now.unfinished > 0; now = tally(current.jobs)) {
    if (now.failed < left) {
      waits = 0;
    } else if (++waits > MOST_WAITS) {
      return;
    } else {
      await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** waits));
    }
    left = now.failed;
    await postAgain(current, changed);
  }
}

/** How many rows the server has, and how many different ones. */
export async function countOf(name) {
  const response = await batcher.fetch(`/api/imports/${name}`, { cache: 'no-store' });
  if (!response.ok) {
    throw new Error(`The rows cannot be counted: ${await problemOf(response)}`);
  }
  return response.json();
}

export async function clear(name) {
  const response = await batcher.fetch(`/api/imports/${name}`, { method: 'DELETE' });
  if (!response.ok) {
    throw new Error(`The rows cannot be deleted: ${await problemOf(response)}`);
  }
}

/** A failed answer in words. */
async function problemOf(response) {
  const { detail, title } = await response.json().catch(() => ({}));
  return [response.status, detail ?? title].filter(Boolean).join(': ');
}
