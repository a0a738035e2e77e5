import { onAbort } from './events.js';

/** The longest wait, if a policy does not say. */
export const LONGEST_MILLIS = 10000;

/** For what is sure to get its answer in the end, unless the server is gone for some ten minutes. */
export const PATIENT = { tries: 30, maxDelay: 30000 };

/**
 * The milliseconds to wait before a request is sent again; undefined if it is not.
 *
 * @param {number | import('./batch.d.ts').RetryPolicy} policy
 * @param {number} attempt how often it has been sent
 * @param {number} [retryAfter] the seconds that the answer asks for, 0 if it does not
 * @param {number} [dice] 0 to 1, the same for calls that are to go together again
 */
export function delayBefore(policy, attempt, retryAfter = 0, dice = Math.random()) {
  const { tries = policy, minDelay = 250, maxDelay = LONGEST_MILLIS } = Object(policy);
  // Not all at once, nor earlier than asked for.
  const delay = Math.min(maxDelay, minDelay * 2 ** (attempt - 1)) * (0.5 + dice / 2);
  return !(attempt <= tries) || retryAfter * 1000 > maxDelay ? undefined
    : retryAfter ? retryAfter * 1000 + delay / 10 : delay;
}

/** What says for sure that nothing has run, whoever says it; 0 is a redirect that is not followed. */
export const NOT_RUN = /^(0|40[145]|41[1345]|42[169]|431)$/;

/** Whether it was refused for now, and has not run. */
export const isBusy = (status) => status === 429 || status === 503;

/** Whether a failure may pass, of a request that may be sent again: as the endpoint sees it in `summary.retryable`. */
export const mayPass = ({ status, headers }) => /^(408|425|429|5(?!01|05)..)$/.test(status)
  || (status === 409 && headers.has('Retry-After'));

/** The seconds of a `Retry-After`, which may be a date; 0 if there is none. */
export function retryAfterOf({ headers }) {
  const value = headers.get('Retry-After');
  return Math.max(0, Number(value) || (Date.parse(value) - Date.now()) / 1000 || 0);
}

/** Resolves after so many milliseconds; rejects with the reason of the signal if that comes first. */
export const pause = (millis, signal) => new Promise((resolve, reject) => {
  const timer = setTimeout(() => {
    release();
    resolve();
  }, millis);
  const release = onAbort(signal, (reason) => {
    clearTimeout(timer);
    reject(reason);
  });
});
