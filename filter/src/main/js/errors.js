/** The batch itself was refused, and nothing of it has run. What it says of it comes from `errorOf`. */
export class BatchError extends Error {}

/** What `fetch` rejects with when no answer comes. */
export const lost = (what, cause) => new TypeError(`No answer to ${what}; it may have run`, { cause });
