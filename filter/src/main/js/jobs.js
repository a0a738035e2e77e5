import { problemOf } from './endpoint.js';
import { BatchError, lost } from './errors.js';
import { notify } from './events.js';
import { resultOfEnvelope, writtenBatch } from './explicit.js';
import { lines } from './lines.js';
import { delayBefore, PATIENT, pause, retryAfterOf } from './retries.js';

const LATER = [429, 502, 503, 504];
const POLL_MILLIS = 1000;

/**
 * Posts a batch as a job.
 *
 * @param {ReturnType<import('./endpoint.js').endpointOf>} endpoint
 * @param {import('./batch.d.ts').BatchRequest[]} requests
 * @param {import('./batch.d.ts').JobOptions} [options]
 * @returns {Promise<import('./batch.d.ts').Job>}
 */
export async function postJob(endpoint, requests, options = {}) {
  const said = await endpoint.ask();
  if (said && !said.features.includes('respond-async')) {
    throw new BatchError(501, { title: 'No jobs here', detail: 'The endpoint runs no batch without its request' });
  }
  const { text, header, key, prefer } = writtenBatch(requests, options);
  const headers = await endpoint.header(header);
  headers.set('Prefer', ['respond-async', prefer].filter(Boolean).join(', '));
  headers.set('Accept', 'application/json');
  const mayRepeat = async () => key && await endpoint.keepsKeys();
  const response = await patiently(endpoint, endpoint.url, { method: 'POST', headers, body: text }, options.signal, mayRepeat);
  if (response.status !== 202) {
    throw new BatchError(response.status, await problemOf(response));
  }
  return jobAt(endpoint, new URL(response.headers.get('Location'), endpoint.url).href, await response.json(), options);
}

/** A job that was posted before. */
export function openJob(endpoint, location, options = {}) {
  return jobAt(endpoint, new URL(location, endpoint.url).href, undefined, options);
}

function jobAt(endpoint, location, first, { signal, onProgress }) {
  let status = first;
  let over;

  const ask = async (url, accept, method = 'GET') => {
    const headers = await endpoint.header();
    headers.delete('Content-Type');
    headers.set('Accept', accept);
    const response = await patiently(endpoint, url, { method, headers, cache: 'no-store' }, signal, () => true);
    if (!response.ok) {
      throw new BatchError(response.status, await problemOf(response));
    }
    return response;
  };

  /** Events as long as there are any; whoever in between has none, or cuts them off, is outlived by asking again. */
  const follow = async () => {
    while (!isOver(status)) {
      const response = await ask(location, 'text/event-stream');
      if (/^text\/event-stream/.test(response.headers.get('Content-Type'))) {
        await listen(response).catch(() => {});
      }
      if (!isOver(status)) {
        await pause(POLL_MILLIS, signal);
        hear(await (await ask(location, 'application/json;view=status')).json());
      }
    }
    return status;
  };

  const listen = async (response) => {
    for await (const line of lines(response)) {
      if (line.startsWith('data:')) {
        hear(JSON.parse(line.slice(5)));
      }
      if (isOver(status)) {
        return;
      }
    }
  };

  const hear = (said) => {
    status = said;
    notify(onProgress, said);
  };

  const job = {
    location,
    get status() {
      return status;
    },
    get over() {
      over = over || follow();
      return over;
    },
    async result() {
      await job.over;
      return resultOfEnvelope(await (await ask(location, 'application/json')).text(), endpoint);
    },
    async failed() {
      await job.over;
      return (await (await ask(`${location}/failed`, 'application/json')).json()).requests;
    },
    async cancel() {
      await ask(location, 'application/json', 'DELETE');
    },
  };
  if (onProgress) {
    // Whoever asks for the end hears of what goes wrong.
    job.over.catch(() => {});
  }
  return job;
}

const isOver = (status) => status !== undefined && status.state !== 'queued' && status.state !== 'running';

/** A request that outlives a server that is busy, restarts, or is not to be reached for a while. */
async function patiently(endpoint, url, init, signal, mayRepeat) {
  for (let attempt = 1; ; attempt++) {
    let response;
    let broken;
    try {
      response = await endpoint.send(url, { ...init, signal });
    } catch (error) {
      broken = error;
    }
    if (signal && signal.aborted) {
      throw signal.reason;
    }
    if (response && !LATER.includes(response.status)) {
      return response;
    }
    const refused = response && (response.status === 429 || response.status === 503);
    const delay = delayBefore(PATIENT, attempt, response ? retryAfterOf(response.headers) : 0);
    if (delay === undefined || !(refused || await mayRepeat())) {
      if (response) {
        return response;
      }
      throw lost(`No answer to ${init.method} ${url}`, broken);
    }
    await pause(delay, signal);
  }
}
