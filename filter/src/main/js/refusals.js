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
  if (!/too-many/.test(type)) {
    endpoint.shrink(limit ?? length / 2);
  }
  // By halves at least, whoever counts otherwise: so that it ends.
  const half = Math.ceil(calls.length / 2);
  dispatch(calls.slice(0, half));
  dispatch(calls.slice(half));
}
