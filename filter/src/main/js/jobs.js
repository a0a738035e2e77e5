import { lost } from './errors.js';
import { notify } from './events.js';
import { resultOfEnvelope, written } from './explicit.js';
import { lines } from './lines.js';
import { delayBefore, isBusy, PATIENT, pause, retryAfterOf } from './retries.js';

const LATER = [429, 502, 503, 504];

/**
 * Posts a batch as a job.
 *
 * @param {ReturnType<import('./endpoint.js').endpointOf>} endpoint
 * @param {import('./batch.d.ts').BatchRequest[]} requests
 * @param {import('./batch.d.ts').JobOptions} [options]
 * @returns {Promise<import('./batch.d.ts').Job>}
 */
export async function postJob(endpoint, requests, options) {
  if (await endpoint.has('respond-async') === false) {
    throw await endpoint.refusal({ status: 501, problem: { detail: 'The endpoint takes no jobs' } });
  }
  const { body, headers, isRepeatable } = written(endpoint, requests, options, 'respond-async');
  const init = { method: 'POST', headers: await endpoint.header(headers), body, signal: options.signal };
  const response = await patiently(endpoint, endpoint.url, init, isRepeatable);
  if (response.status !== 202) {
    throw await endpoint.refusal(response);
  }
  return jobAt(endpoint, response.headers.get('Location'), options, await response.json());
}

/** A job by its location, and how it stands if that is known. */
export function jobAt(endpoint, location, { signal, onProgress }, status) {
  const href = new URL(location, endpoint.url).href;
  let over;

  const ask = async (accept, method = 'GET', url = href) => {
    const headers = await endpoint.header({ Accept: accept });
    const response = await patiently(endpoint, url, { method, headers, signal, cache: 'no-store' }, () => true);
    if (!response.ok) {
      throw await endpoint.refusal(response);
    }
    return response;
  };

  /** Hears of how it goes on; what cuts the events off is outlived by asking again. */
  const follow = async () => {
    while (!/^[dci]/.test(status?.state)) {
      try {
        await pause(100, signal);
        for await (const line of lines(await ask('text/event-stream'))) {
          if (line.startsWith('data:')) {
            status = JSON.parse(line.slice(5));
            notify(onProgress, status);
          }
        }
      } catch (error) {
        if (error.problem || error.cause || signal?.aborted) {
          throw error;
        }
      }
    }
    return status;
  };

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
      return resultOfEnvelope(await (await ask('application/json')).text(), endpoint);
    },
    async failed() {
      await job.over;
      return (await (await ask('application/json', 'GET', `${href}/failed`)).json()).requests;
    },
    async cancel() {
      await ask('application/json', 'DELETE');
    },
  };
  if (onProgress) {
    // Whoever asks for the end hears of what goes wrong.
    job.over.catch(() => {});
  }
  return job;
}

/** A request that outlives a server that is busy, restarts, or is not to be reached for a while. */
async function patiently(endpoint, url, init, mayRepeat) {
  const { signal, method } = init;
  for (let attempt = 1; ; attempt++) {
    let response;
    let broken;
    try {
      response = await endpoint.send(url, init);
    } catch (error) {
      broken = error;
    }
    const failed = !response || LATER.includes(response.status);
    const delay = failed && !signal?.aborted ? delayBefore(PATIENT, attempt, response && retryAfterOf(response)) : undefined;
    if (delay >= 0 && (isBusy(response?.status) || await mayRepeat())) {
      await pause(delay, signal);
    } else if (response) {
      return response;
    } else {
      throw signal?.aborted ? signal.reason : lost(`${method} ${url}`, broken);
    }
  }
}
