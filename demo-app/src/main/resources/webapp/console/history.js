// What has been sent from this tab, the latest first. It outlives loading the page anew.

const KEY = 'multistatus-console';
const MOST = 20;

/** All of it: `{ text, options, at, outcome, job }` each. */
export function history() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
}

/** Puts an entry first; one of the same time is replaced. */
export function remember(entry) {
  const others = history().filter(({ at }) => at !== entry.at);
  const all = [entry, ...others].sort((one, other) => other.at - one.at).slice(0, MOST);
  try {
    sessionStorage.setItem(KEY, JSON.stringify(all));
  } catch {
    // It is longer than the browser keeps; the console works without.
  }
}
