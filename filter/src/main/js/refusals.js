import { lost } from './errors.js';
import { NOT_RUN, retryAfterOf } from './retries.js';

/**
 * What an answer says that is none to a batch. A problem of the endpoint says that nothing has run; so do redirects and most
 * of 4xx, whoever in front has sent them. `sure` says whether it is sure: some look at answers, and may not like that of the app.
 *
 * @param {Response} response
 * @returns {Promise<{ status: number, problem: any, retryAfter: number, sure: boolean }>}
 * @throws {TypeError} if it may have run
 */
export async function refusalOf(response) {
  const { status, type } = response;
  const problem = await problemOf(response);
  const own = status >= 400 && /^urn:multistatus:/.test(problem.type);
  if (own || type === 'opaqueredirect' || (status >= 300 && status < 500 && status !== 408)) {
    return { status, problem, retryAfter: retryAfterOf(response), sure: own || status < 400 || NOT_RUN.test(status) };
  }
  throw lost(`the batch but ${status}`);
}

/** The problem details of an answer, empty if it has none. */
const problemOf = (response) => response.json().then(Object, () => ({}));

/**
 * The error for an answer of the endpoint that is none to what was asked.
 *
 * @param {import('./endpoint.js').Endpoint} endpoint
 * @param {{ status: number, problem?: any } | Response} response
 */
export async function errorOf({ BatchError }, response) {
  const { status } = response;
  const problem = response.problem ?? await response.json().then(Object, () => ({}));
  const error = new BatchError(problem.detail || problem.title || `The batch was answered with ${status}`);
  return Object.assign(error, { name: 'BatchError', status, problem });
}

/**
 * Sends again, in less at a time, what was too much for one batch.
 *
 * @param {import('./endpoint.js').Endpoint} endpoint
 * @param {import('./calls.js').Call[]} calls
 * @param {{ type?: string, limit?: number }} problem
 * @param {number} length of the body that was too much
 * @param {(calls: import('./calls.js').Call[]) => void} dispatch
 */
export function halve(endpoint, calls, { type, limit }, length, dispatch) {
  if (/too-many/.test(type)) {
    endpoint.shrink(Infinity, limit);
  } else {
    endpoint.shrink(limit ?? length / 2);
  }
  // By halves at least, whoever counts otherwise: so that it ends.
  const half = Math.ceil(calls.length / 2);
  dispatch(calls.slice(0, half));
  dispatch(calls.slice(half));
}
