// What is being imported outlives loading the page anew: the jobs are the server's, the page only has to know where they are.

const KEY = 'multistatus-import';

/** The import that this tab has been at; undefined if there is none. */
export function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps an import; undefined forgets it. */
export function keep(current) {
  try {
    if (current) {
      const { name, rows, jobs } = current;
      sessionStorage.setItem(KEY, JSON.stringify({ name, rows, jobs }));
    } else {
      sessionStorage.removeItem(KEY);
    }
  } catch {
    // Then it is only known as long as the page is there.
  }
}
