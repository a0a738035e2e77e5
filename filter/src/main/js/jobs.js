import { lost } from './errors.js';
import { notify, reasonOf } from './events.js';
import { resultOfEnvelope, written } from './explicit.js';
import { lines } from './lines.js';
import { errorOf, refusalOf } from './refusals.js';
import { delayBefore, PATIENT, pause, retryAfterOf } from './retries.js';

const LATER = [429, 502, 503, 504];
const JSON_TYPE = 'application/json';
/** After so many silent streams in a row the wait for the next one does not grow any more: some two seconds. */
const SILENT = 4;

/**
 * Posts a batch as a job.
 *
 * @param {import('./endpoint.js').Endpoint} endpoint
 * @param {import('./batch.d.ts').BatchRequest[]} requests
 * @param {import('./batch.d.ts').JobOptions} options
 * @returns {Promise<import('./batch.d.ts').Job>}
 */
export async function postJob(endpoint, requests, options) {
  const { retry = 0, signal } = options;
  if ((await endpoint.known())?.features.includes('respond-async') === false) {
    throw await errorOf(endpoint, { status: 501, problem: { detail: 'The endpoint takes no jobs' } });
  }
  const { credentials } = endpoint;
  const { body, headers: own, isRepeatable, refused } = written(endpoint, requests, options, 'respond-async');
  const headers = await endpoint.header(own);
  headers.set('Content-Type', JSON_TYPE);
  // A login page in its place would look as if something had run.
  const init = { method: 'POST', redirect: 'manual', credentials, headers, body, signal };
  const response = await persistently(endpoint, endpoint.url, init, retry, isRepeatable);
  if (response.status !== 202) {
    throw await refused(await refusalOf(response));
  }
  const status = await response.json();
  // From another origin its header is not to be seen.
  const location = response.headers.get('Location') ?? `${endpoint.url.pathname}/jobs/${status.id}`;
  return jobAt(endpoint, location, options, status);
}

/**
 * A job by its location, and how it stands if that is known.
 *
 * @param {import('./endpoint.js').Endpoint} endpoint
 * @param {string | URL} location
 * @param {import('./batch.d.ts').JobOptions} options
 * @param {import('./batch.d.ts').JobStatus} [status]
 * @returns {import('./batch.d.ts').Job}
 */
export function jobAt(endpoint, location, { signal, onProgress }, status) {
  const { href, origin } = new URL(location, endpoint.url);
  if (origin !== endpoint.url.origin) {
    throw new TypeError(`${href} is no job of ${endpoint.url}`);
  }
  let over;
  /** Done, cancelled or interrupted. */
  const isOver = () => /^[dci]/.test(status?.state);

  const ask = async (accept, method = 'GET', url = href) => {
    const headers = await endpoint.header({ Accept: accept });
    const { credentials } = endpoint;
    // Where a redirect leads, the header of the page has no business.
    const init = { method, redirect: 'manual', credentials, headers, signal, cache: 'no-store' };
    const response = await persistently(endpoint, url, init, PATIENT, () => true);
    if (!response.ok) {
      throw await errorOf(endpoint, response);
    }
    return response;
  };

  const silence = (status) => errorOf(endpoint, { status, problem: { detail: `${href} does not say how the job goes on` } });

  /** What one stream of events has to tell. Whether it had anything to tell. */
  async function listen() {
    const response = await ask('text/event-stream');
    if (!/event-stream/.test(response.headers.get('Content-Type'))) {
      drop(response);
      throw await silence(response.status);
    }
    let told = false;
    try {
      for await (const line of lines(response)) {
        if (line.startsWith('data:')) {
          status = JSON.parse(line.slice(5));
          told = true;
          notify(onProgress, status);
        }
      }
    } catch (error) {
      // It was cut off.
      if (signal?.aborted) {
        throw reasonOf(signal);
      }
    }
    return told;
  }

  /** Asks how it stands. Whether that was said. */
  async function look() {
    const now = await (await ask(`${JSON_TYPE};view=status`)).json().then(Object, () => ({}));
    // What the events have told meanwhile is newer.
    if (now.state && !isOver()) {
      status = now;
    }
    return Boolean(now.state);
  }

  /** Hears of how it goes on, and comes back when it is cut off; somebody on the way may let no event through. */
  async function follow() {
    for (let silent = 0; !isOver();) {
      if (await listen()) {
        silent = 1;
      } else if (await look()) {
        silent = Math.min(silent + 1, SILENT);
        notify(onProgress, status);
      } else {
        silent++;
      }
      const delay = delayBefore(PATIENT, silent);
      if (delay === undefined) {
        throw lost(href);
      }
      await (isOver() || pause(delay, signal));
    }
    return status;
  }

  const job = {
    location: href,
    get status() {
      return status;
    },
    get over() {
      over = over ?? follow();
      return over;
    },
    async result() {
      await job.over;
      // Nobody sees its status: somebody on the way might not take 207.
      return resultOfEnvelope(await (await ask(JSON_TYPE, 'GET', `${href}?multi-status=200`)).text(), endpoint);
    },
    async failed() {
      await job.over;
      return (await (await ask(JSON_TYPE, 'GET', `${href}/failed`)).json()).requests;
    },
    async cancel() {
      // Of one that is over it would take the result, and it may be over without anybody having listened.
      if (!isOver() && !await look()) {
        throw await silence(200);
      }
      if (!isOver()) {
        drop(await ask(JSON_TYPE, 'DELETE'));
      }
    },
  };
  if (onProgress) {
    // Whoever asks for the end hears of what goes wrong.
    job.over.catch(() => {});
  }
  return job;
}

/** What nobody reads need not hold a connection. */
const drop = (response) => response?.body?.cancel().catch(() => {});

/** Whether an answer says so: the endpoint's own does; a bare 503 comes from somebody in front, after whatever has happened. */
const hasNotRun = async (response) => response && refusalOf(response.clone()).then(() => true, () => false);

/** A request that outlives a server that is busy, restarts, or is not to be reached, as long as the policy says. */
async function persistently(endpoint, url, init, policy, mayRepeat) {
  const { signal, method } = init;
  for (let attempt = 1; ; attempt++) {
    let response;
    let broken;
    try {
      response = await endpoint.send(url, init);
    } catch (error) {
      broken = error;
    }
    if (signal?.aborted) {
      throw reasonOf(signal);
    }
    const failed = !response || LATER.includes(response.status);
    const delay = failed ? delayBefore(policy, attempt, response && retryAfterOf(response)) : undefined;
    if (delay >= 0 && (await hasNotRun(response) || await mayRepeat())) {
      drop(response);
      await pause(delay, signal);
    } else if (response) {
      return response;
    } else {
      throw lost(`${method} ${url}`, broken);
    }
  }
}
