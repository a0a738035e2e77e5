/** The batch itself was refused, and nothing of it has run. */
export class BatchError extends Error {
  /**
   * @param {number} status that of the answer
   * @param {{ title?: string, detail?: string }} problem its problem details (RFC 9457), as far as there were any
   */
  constructor(status, problem) {
    super(problem.detail || problem.title || `The batch was answered with ${status}`);
    Object.assign(this, { name: 'BatchError', status, problem });
  }
}

/** What `fetch` rejects with when no answer comes. */
export function lost(what, cause) {
  return Object.assign(new TypeError(`No answer to ${what}; it may have run`), { cause });
}
