/** The batch itself was refused, and nothing of it has run. */
export class BatchError extends Error {
  /**
   * @param {number} status that of the answer
   * @param {{ title?: string, detail?: string }} problem its problem details (RFC 9457), as far as there were any
   */
  constructor(status, problem) {
    super(problem.detail || problem.title || `The batch was answered with ${status}`);
    this.name = 'BatchError';
    this.status = status;
    this.problem = problem;
  }
}

/** What `fetch` rejects with when no answer comes. */
export function lost(message, cause) {
  const error = new TypeError(message);
  error.cause = cause;
  return error;
}
