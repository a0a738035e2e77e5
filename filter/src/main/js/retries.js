const LATER = [408, 425, 429, 502, 503, 504];
const NEVER = [501, 505];

/** For what is sure to get its answer in the end, unless the server is gone for some minutes. */
export const PATIENT = { tries: 20, minDelay: 250, maxDelay: 8000 };

/**
 * The milliseconds to wait before a request is sent again; undefined if it is not.
 *
 * @param {number | import('./batch.d.ts').RetryPolicy} policy
 * @param {number} attempt how often it has been sent
 * @param {number} retryAfter the seconds that the answer asks for, 0 if it does not
 */
export function delayBefore(policy, attempt, retryAfter) {
  const { tries = 0, minDelay = 250, maxDelay = 10000 } = typeof policy === 'number' ? { tries: policy } : policy || {};
  if (attempt > tries || retryAfter * 1000 > maxDelay) {
    return undefined;
  }
  // Not all at once, nor earlier than asked for.
  const delay = Math.min(maxDelay, minDelay * 2 ** (attempt - 1));
  return retryAfter * 1000 + delay * (0.5 + Math.random() / 2) * (retryAfter ? 0.1 : 1);
}

/** Whether a failure may pass, of a request that may be sent again: as the endpoint sees it in `summary.retryable`. */
export function mayPass(status, retryAfter) {
  return LATER.includes(status) || (status === 409 && retryAfter > 0) || (status >= 500 && !NEVER.includes(status));
}

/** The seconds of a `Retry-After`, which may be a date; 0 if there is none. */
export function retryAfterOf(headers) {
  const value = headers.get('Retry-After');
  return value ? Math.max(0, Number.isNaN(Number(value)) ? (Date.parse(value) - Date.now()) / 1000 || 0 : Number(value)) : 0;
}

/** Resolves after so many milliseconds; rejects with the reason of the signal if that comes first. */
export function pause(millis, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, millis);
    if (signal) {
      const stop = () => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      signal.aborted ? stop() : signal.addEventListener('abort', stop);
    }
  });
}
