/** Tells a listener of the page, if there is one. Whatever it does, it harms nobody. */
export function notify(listener, event) {
  try {
    // Not by `?.()`, which the compiler of the served module believes to throw nothing.
    if (listener) {
      listener(event);
    }
  } catch (error) {
    console.error(error);
  }
}

/** Why a signal was aborted; older browsers do not say. */
export const reasonOf = ({ reason = new DOMException('', 'AbortError') }) => reason;

/**
 * Hears of the end of a signal. Signals may live as long as the page: who has waited enough calls what this returns.
 *
 * @param {AbortSignal | undefined} signal
 * @param {(reason: unknown) => void} stop
 */
export function onAbort(signal, stop) {
  const listener = () => stop(reasonOf(signal));
  signal?.addEventListener('abort', listener);
  if (signal?.aborted) {
    listener();
  }
  return () => signal?.removeEventListener('abort', listener);
}
